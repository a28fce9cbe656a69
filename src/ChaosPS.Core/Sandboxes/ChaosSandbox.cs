using System.Globalization;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Time;

namespace ChaosPS.Sandboxes;

/// <summary>An emulated AKS cluster: Kubernetes API, Azure Resource Manager, Resource Graph and the application, in this process or served by another.</summary>
/// <param name="description">What it says of itself.</param>
/// <param name="clock">Its clock: a <see cref="VirtualClock"/>, or a <see cref="RunningClock"/> when other processes use it.</param>
/// <param name="handler">Answers every request to its hosts; refuses requests to any other.</param>
public sealed class ChaosSandbox(SandboxDescription description, TimeProvider clock, HttpMessageHandler handler)
{
    /// <summary>The sandbox's name, such as <c>contactsapp</c>.</summary>
    public string Name => description.Name;

    /// <summary>What tells it from others of its process, which may have its seed.</summary>
    public string InstanceId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What it was made from: the name of a built-in one, or a path.</summary>
    public string Source => description.Source;

    /// <summary>What all chance in it comes from: one seed, one history.</summary>
    public int Seed => description.Seed;

    /// <summary>How many of its seconds pass in one of this machine's; null where time stands still while anybody works.</summary>
    public double? Speed => description.Speed;

    /// <summary>Where other processes reach it; null when it is not served.</summary>
    public Uri? Uri { get; init; }

    /// <summary>The sandbox's present time.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Its clock: a <see cref="VirtualClock"/>, or a <see cref="RunningClock"/> when other processes use it.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>Answers every request to its hosts; refuses requests to any other.</summary>
    public HttpMessageHandler Handler { get; } = handler;

    /// <summary>The address of its Kubernetes API, which only <see cref="Handler"/> knows.</summary>
    public Uri KubernetesUri => description.Kubernetes;

    /// <summary>The address of its Azure Resource Manager, which only <see cref="Handler"/> knows.</summary>
    public Uri AzureUri => description.Azure;

    /// <summary>The address of its application, which only <see cref="Handler"/> knows.</summary>
    public Uri ApplicationUri => description.Application;

    /// <summary>The address of the sandbox's own description and clock, which only <see cref="Handler"/> knows.</summary>
    public Uri ControlUri => description.Control;

    /// <summary>The hosts that its application answers to.</summary>
    public IReadOnlyList<string> ApplicationHosts => description.ApplicationHosts;

    /// <summary>All hosts that it serves.</summary>
    public IReadOnlyList<string> ServedHosts => description.ServedHosts;

    /// <summary>The subscription that its machines are in.</summary>
    public string SubscriptionId => description.SubscriptionId;

    /// <summary>The tenant that its machines are in.</summary>
    public string TenantId => description.TenantId;

    /// <summary>The variables that point at it, as the workshop's experiment reads them.</summary>
    public IReadOnlyDictionary<string, string> Environment => description.Environment;

    /// <summary>Moves its clock ahead; what falls due on the way happens.</summary>
    /// <exception cref="ChaosException">
    /// The duration is negative or longer than ten years, or a run is using the clock: id <c>StepRefused</c>; it is served and no longer answers:
    /// id <c>SandboxUnreachable</c>.
    /// </exception>
    public async Task StepAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Post, $"step?seconds={Seconds(duration)}", why => ChaosErrors.StepRefused(Name, why), cancellationToken);

        // The clock here follows that of the process that serves the sandbox.
        if (Clock is RunningClock running) running.AdvanceTo(JsonSerializer.Deserialize<SandboxDescription>(answer, SandboxDescription.Json)!.Now);
    }

    /// <summary>The faults of its platform that are there now, in the order in which they came.</summary>
    /// <exception cref="ChaosException">It is served and no longer answers: id <c>SandboxUnreachable</c>.</exception>
    public async Task<IReadOnlyList<SandboxFault>> GetFaultsAsync(CancellationToken cancellationToken) => JsonSerializer.Deserialize<SandboxFault[]>(
        await AskAsync(HttpMethod.Get, "faults", why => ChaosErrors.FaultRefused(Name, why), cancellationToken), SandboxDescription.Json)!;

    /// <summary>Lets something of its platform go wrong from now on.</summary>
    /// <param name="fault">What; its number and its end are the sandbox's to give.</param>
    /// <param name="duration">How long, in the sandbox's time; null for until it is removed, or has hit as often as its count says.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The fault as it is in the sandbox.</returns>
    /// <exception cref="ChaosException">
    /// It makes no sense, or no node has that name: id <c>FaultRefused</c>; the sandbox is served and no longer answers: id <c>SandboxUnreachable</c>.
    /// </exception>
    public async Task<SandboxFault> AddFaultAsync(SandboxFault fault, TimeSpan? duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var query = $"fault={fault.Fault}";
        if (fault.Target is { } target) query += $"&target={target}";
        if (fault.NodeName is { } node) query += $"&node={System.Uri.EscapeDataString(node)}";
        if (fault.Count is { } count) query += string.Create(CultureInfo.InvariantCulture, $"&count={count}");
        if (duration is { } time) query += $"&seconds={Seconds(time)}";
        if (fault.Delay is { } delay) query += $"&delay={Seconds(delay)}";
        if (fault.Code is { } code) query += $"&code={Uri.EscapeDataString(code)}";
        var answer = await AskAsync(HttpMethod.Post, $"faults?{query}", why => ChaosErrors.FaultRefused(Name, why), cancellationToken);
        return JsonSerializer.Deserialize<SandboxFault>(answer, SandboxDescription.Json)!;
    }

    /// <summary>Ends a fault of its platform.</summary>
    /// <exception cref="ChaosException">There is none of that number: id <c>FaultNotFound</c>; the sandbox is served and no longer answers: id <c>SandboxUnreachable</c>.</exception>
    public Task RemoveFaultAsync(int id, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"faults/{id}"), _ => ChaosErrors.FaultNotFound(Name, id), cancellationToken);

    /// <summary>Asks the sandbox itself, wherever it is.</summary>
    private async Task<string> AskAsync(HttpMethod method, string path, Func<string, ChaosException> refused, CancellationToken cancellationToken)
    {
        using var invoker = new HttpMessageInvoker(Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(method, new Uri(ControlUri, path));
        try
        {
            using var response = await invoker.SendAsync(request, cancellationToken);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? answer : throw refused(answer.Trim());
        }
        catch (HttpRequestException exception)
        {
            throw ChaosErrors.SandboxUnreachable(Uri ?? ControlUri, exception);
        }
    }

    /// <summary>Exact to the tick, which a floating-point number would not be.</summary>
    private static string Seconds(TimeSpan duration) => ((decimal)duration.Ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);

    /// <summary>The same sandbox, known under the address where other processes reach it.</summary>
    public ChaosSandbox ServedAt(Uri uri) => new(description, Clock, Handler) { Uri = uri };

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
