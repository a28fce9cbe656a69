using System.Net;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes.Access;

namespace ChaosPS.Providers.Kubernetes.Failures;

/// <summary>Turns an API server's refusal into the error that a user gets.</summary>
/// <param name="cluster">The cluster's name.</param>
/// <param name="server">Its address.</param>
/// <param name="credential">What is shown to it; null when that is not known.</param>
internal sealed class ApiFailure(string cluster, string server, Credential? credential)
{
    private const string Eviction = "eviction";

    /// <summary>The server's words for a pod of several budgets; it answers with a bare 500.</summary>
    private const string SeveralBudgets = "more than one PodDisruptionBudget";

    private string Credentials => credential?.Words ?? "the credentials";

    /// <summary>The error for an answer.</summary>
    public ChaosException Explain(ApiCall call, HttpStatusCode code, ApiStatus status)
    {
        var (words, reason) = (call.ToString(), Reason(status));
        return (int)code switch
        {
            401 => ChaosErrors.ClusterAuthenticationFailed(
                words, cluster, server, Credentials, reason, credential?.Remedy ?? "Log in again and connect again."),
            403 => Forbidden(call, status),
            404 when !IsObject(call, status) => ChaosErrors.ClusterResourceUnknown(words, cluster, reason),
            404 => ChaosErrors.ClusterObjectNotFound(words, cluster, reason),
            407 => ChaosErrors.ClusterProxyFailed(words, cluster, server, reason),
            409 when status.Reason == "AlreadyExists" => ChaosErrors.ClusterObjectExists(words, cluster, reason),
            409 => ChaosErrors.ClusterConflict(words, cluster, reason),
            410 => ChaosErrors.ClusterListExpired(words, cluster, reason),
            413 => ChaosErrors.ClusterRequestTooLarge(words, cluster, reason),
            429 when call.Subresource == Eviction => ChaosErrors.EvictionRefused(
                call.Namespace!, call.Name!, status.Causes is [{ Message.Length: > 0 } cause, ..] ? cause.Message : reason),
            429 => ChaosErrors.ClusterTooManyRequests(words, cluster, reason),
            500 when call.Subresource == Eviction && reason.Contains(SeveralBudgets, StringComparison.Ordinal) =>
                ChaosErrors.EvictionImpossible(call.Namespace!, call.Name!, reason),
            >= 500 and var number => ChaosErrors.ClusterServerFailed(words, cluster, server, number, reason),
            >= 300 and < 400 and var number => ChaosErrors.ApiAnswerInvalid(
                call.Resource, cluster, $"{server} answered {number}, which leads to another address: a sign-in page or a proxy stands before it"),
            _ when IsAdmission(status) => ChaosErrors.ClusterAdmissionDenied(words, cluster, reason),
            _ => ChaosErrors.ClusterRequestInvalid(words, cluster, reason),
        };
    }

    /// <summary>An object's faults one by one say more than the sentence that they are strung together in.</summary>
    private static string Reason(ApiStatus status) => status is { Reason: "Invalid", Causes.Count: > 0 }
        ? string.Join("; ", status.Causes).TrimEnd('.')
        : status.Message;

    private ChaosException Forbidden(ApiCall call, ApiStatus status)
    {
        if (RbacRule.Read(status.Message) is { } rule)
        {
            return rule.IsAnonymous
                ? ChaosErrors.ClusterAnonymous(call.ToString(), cluster, server, status.Message, Credentials)
                : ChaosErrors.ClusterForbidden(call.ToString(), cluster, status.Message, rule.Remedy());
        }

        // Quotas, Pod Security and webhooks answer 403 too, and no role helps against them.
        return status.IsApi && call.Verb is not ("get" or "list" or "watch")
            ? ChaosErrors.ClusterAdmissionDenied(call.ToString(), cluster, status.Message)
            : ChaosErrors.ClusterForbidden(
                call.ToString(), cluster, status.Message,
                new RbacRule("", call.Verb, call.Group, call.RbacResource, call.Namespace).Remedy());
    }

    private static bool IsAdmission(ApiStatus status) => status.Message.StartsWith("admission webhook ", StringComparison.Ordinal)
        || status.Message.Contains("ValidatingAdmissionPolicy '", StringComparison.Ordinal);

    /// <summary>Whether it is the object that is not there, and not its whole kind.</summary>
    private static bool IsObject(ApiCall call, ApiStatus status) => status.Name.Length > 0 || (call.Name is not null && status.IsApi && status.Message.Contains("not found", StringComparison.Ordinal));
}
