using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>An experiment, and a way to run it, made of a seed.</summary>
internal sealed class AnyRun
{
    private static readonly string[] s_paths = ["/", "/down", "/refused", "/broken", "/hang", "/slow", "/json"];

    private readonly Random _random;

    private AnyRun(int seed)
    {
        _random = new Random(seed);
        var hypothesis = Some(3, index => Activity($"h{index}", probe: true, tolerance: true, healthy: 0.9));
        Method = Some(4, index => Activity($"m{index}", healthy: 0.6), least: 1);
        Rollbacks = Some(3, index => Activity($"r{index}", healthy: 0.8));
        ((JsonObject)Method[0]!).Remove("pauses"); // so that it begins at once when the method is entered
        Experiment = new JsonObject
        {
            ["title"] = "any",
            ["description"] = $"made of the seed {seed}",
            ["method"] = Method.DeepClone(),
            ["rollbacks"] = Rollbacks.DeepClone(),
            ["controls"] = Controls(),
        };
        if (hypothesis.Count > 0) Experiment["steady-state-hypothesis"] = new JsonObject { ["title"] = "h", ["probes"] = hypothesis };
        Options = new RunOptions
        {
            Seed = seed,
            Compatibility = Chance(0.3) ? RunCompatibility.ChaosToolkit : RunCompatibility.None,
            HypothesisStrategy = Any<HypothesisStrategy>(),
            RollbackStrategy = Any<RollbackStrategy>(),
            Dry = Chance(0.25) ? Any<DryMode>() : null,
            FailFast = Chance(0.3),
            SkipUnknownControls = Chance(0.7),
            MaxDuration = Chance(0.15) ? TimeSpan.FromSeconds(_random.NextDouble() * 60) : null,
        };
        InterruptAfter = Chance(0.3) ? TimeSpan.FromSeconds(_random.NextDouble() * 60) : null;
        PowerFails = Chance(0.1);
        var (from, length) = (_random.NextDouble() * 60, _random.NextDouble() * 60);
        Down = Chance(0.3) ? (TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(from + length)) : default;
    }

    public JsonObject Experiment { get; }

    public JsonArray Method { get; }

    public JsonArray Rollbacks { get; }

    public RunOptions Options { get; }

    /// <summary>When its caller interrupts it; null when nobody does.</summary>
    public TimeSpan? InterruptAfter { get; }

    /// <summary>Whether the next call that changes a machine's power fails.</summary>
    public bool PowerFails { get; }

    /// <summary>When even what is healthy is down.</summary>
    public (TimeSpan From, TimeSpan Until) Down { get; }

    public static AnyRun Of(int seed) => new(seed);

    /// <summary>Runs it.</summary>
    public async Task<ChaosRun> PlayAsync(ExperimentWorld world)
    {
        var start = world.Clock.GetUtcNow();
        world.Answer = request => request.RequestUri!.AbsolutePath switch
        {
            "/refused" => throw new HttpRequestException("Connection refused"),
            "/broken" => throw new InvalidOperationException("nobody has foreseen this"),
            "/down" => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable),
            "/json" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{", null, "application/json") { Headers = { ContentType = new("application/json") } } },
            _ when world.Clock.GetUtcNow() - start is var now && now >= Down.From && now < Down.Until => new HttpResponseMessage(HttpStatusCode.BadGateway),
            _ => new HttpResponseMessage(HttpStatusCode.OK),
        };
        if (PowerFails) world.Machines.Failures.Enqueue(ChaosErrors.OtherCluster("a", "b", "c"));
        using var interruption = new CancellationTokenSource();
        if (InterruptAfter is { } after) world.Clock.CreateTimer(_ => interruption.Cancel(), null, after, Timeout.InfiniteTimeSpan);
        return await world.RunAsync(Experiment.ToJsonString(), Options, interruption.Token);
    }

    private JsonObject Activity(string name, double healthy, bool probe = false, bool tolerance = false)
    {
        probe = probe || Chance(0.5);
        var activity = new JsonObject { ["type"] = probe ? "probe" : "action", ["name"] = name };
        if (!probe && Chance(0.4)) activity["provider"] = Power(name[0] == 'r' ? "start_vmss" : "stop_vmss");
        else activity["provider"] = Http(Chance(healthy) ? "/" : s_paths[_random.Next(s_paths.Length)]);
        if (tolerance || (probe && Chance(0.4))) activity["tolerance"] = Tolerance();
        if (name[0] != 'h' && Chance(0.3)) activity["background"] = true;
        if (Chance(0.3)) activity["pauses"] = new JsonObject { [Chance(0.5) ? "before" : "after"] = _random.Next(20) };
        if (activity["tolerance"] is not null && Chance(0.2)) activity["controls"] = new JsonArray(Control("chaosps.controls.tolerance"));
        else if (probe && activity["tolerance"] is not null && Chance(0.3)) activity["controls"] = new JsonArray(Wait());
        return activity;
    }

    private JsonNode Tolerance() => _random.Next(8) switch
    {
        0 => JsonValue.Create(503),
        1 => new JsonObject { ["type"] = "regex", ["pattern"] = "x", ["target"] = "body" },
        2 => new JsonObject { ["type"] = "range", ["range"] = new JsonArray(0, 300), ["target"] = "status" },
        3 => new JsonObject { ["type"] = "range", ["range"] = new JsonArray(0, 300), ["target"] = "body" },
        _ => JsonValue.Create(200),
    };

    private JsonArray Controls()
    {
        var controls = new JsonArray();
        if (Chance(0.25)) controls.Add(Control("chaosaddons.controls.safeguards", new JsonObject { ["probes"] = Some(2, _ => Safeguard(), least: 1) }));
        if (Chance(0.15)) controls.Add(Control("chaosaddons.controls.repeat", new JsonObject { ["repeat_count"] = _random.Next(4), ["break_if_previous_iteration_failed"] = Chance(0.5) }));
        if (Chance(0.15)) controls.Add(Control("chaosaddons.controls.bypass", new JsonObject { ["target_type"] = Chance(0.5) ? "probe" : "action" }));
        if (Chance(0.15)) controls.Add(Control("chaosps.controls.tolerance"));
        if (Chance(0.1)) controls.Add(Wait());
        if (Chance(0.1)) controls.Add(Control("chaostracing.control"));
        return controls;
    }

    private JsonObject Safeguard()
    {
        var probe = new JsonObject { ["type"] = "probe", ["name"] = "guard", ["provider"] = Http(Chance(0.8) ? "/" : "/refused"), ["tolerance"] = 200 };
        if (Chance(0.7)) probe["frequency"] = 0.5 + (_random.NextDouble() * 10);
        if (Chance(0.3)) probe["background"] = true;
        return probe;
    }

    private JsonObject Wait() => Control("chaosps.controls.wait_until", new JsonObject { ["timeout"] = 1 + _random.Next(40), ["frequency"] = 1 + _random.Next(5) });

    private static JsonObject Control(string module, JsonObject? arguments = null) => new()
    {
        ["name"] = module,
        ["provider"] = new JsonObject { ["type"] = "python", ["module"] = module, ["arguments"] = arguments ?? [] },
    };

    private static JsonObject Http(string path) => new() { ["type"] = "http", ["url"] = $"http://app.invalid{path}", ["timeout"] = 2 };

    private static JsonObject Power(string function) => new()
    {
        ["type"] = "python",
        ["module"] = "chaosazure.vmss.actions",
        ["func"] = function,
        ["arguments"] = new JsonObject
        {
            ["filter"] = "where name=~'aks-nodepool1-vmss'",
            ["instance_criteria"] = new JsonArray(new JsonObject { ["name"] = "aks-nodepool1-vmss_0" }),
        },
    };

    private JsonArray Some(int most, Func<int, JsonNode> make, int least = 0) => new([.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(make)]);

    private T Any<T>()
        where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];

    private bool Chance(double chance) => _random.NextDouble() < chance;
}
