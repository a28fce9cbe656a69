namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A text that should be a Kubernetes quantity is none.</summary>
    public static ChaosException QuantityInvalid(string text) => new(
        "QuantityInvalid", ErrorKind.InvalidData,
        $"'{text}' is not a Kubernetes quantity.",
        "A quantity is a number with an optional suffix: n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or an exponent such as e3.", text);

    /// <summary>A label selector's text cannot be read.</summary>
    /// <param name="text">The whole selector.</param>
    /// <param name="position">The 0-based position of the mistake.</param>
    /// <param name="reason">What is wrong there.</param>
    public static ChaosException LabelSelectorInvalid(string text, int position, string reason) => new(
        "LabelSelectorInvalid", ErrorKind.InvalidArgument,
        $"The label selector '{text}' cannot be read: {reason} at character {position + 1}.",
        "Examples: app=web   app!=web   tier in (front,back)   tier notin (test)   app   !legacy   several of them, separated by commas.", text);

    /// <summary>The API server answered with something that is not the object that was asked for.</summary>
    public static ChaosException ApiAnswerInvalid(string what, string cluster, string reason, Exception? inner = null) => new(
        "ApiAnswerInvalid", ErrorKind.InvalidData,
        $"The API server of cluster '{cluster}' answered with something that is no {what}: {reason}.",
        "See whether a proxy or a login page stands between this machine and the API server.", what, inner);
}
