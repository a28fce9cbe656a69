using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChaosPS.Benchmarks.ManyPods;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandbox;

namespace ChaosPS.Benchmarks.Experiments;

/// <summary>What the engine costs beside what it does: its http probes against a bare client, the reading of a large file, and whole processes.</summary>
internal static class ExperimentBenchmark
{
    private const int Probes = 1000;
    private const int Activities = 2000;
    private const int Rounds = 7;

    /// <summary>Pairs of turns of which the ratio is told: enough that what else runs on the machine for a moment does not move the median.</summary>
    private const int Pairs = 31;

    /// <summary>Turns before anything counts: from then on the code is compiled as far as it ever is.</summary>
    private const int WarmUps = 30;

    /// <summary>Measures everything; the processes only when the command is named.</summary>
    /// <param name="args">Nothing, or the command: <c>out/chaosps</c>.</param>
    public static async Task RunAsync(string[] args)
    {
        await CompareProbesAsync();
        Console.WriteLine("\n| | seconds, median |\n|---|---|");
        MeasureReading();
        if (args is [var command]) MeasureProcesses(command);
    }

    private static async Task CompareProbesAsync()
    {
        using var server = new AnswerServer();
        var composition = new Composition();
        var experiment = ExperimentReader.Read(Method(Probes, server.Uri), "probes.yaml", composition.Documents);
        var one = ExperimentReader.Read(Method(1, server.Uri), "probe.yaml", composition.Documents);
        var rounds = new List<(Taken Bare, Taken One, Taken Engine)>();
        for (var round = 0; round < WarmUps + Pairs; round++)
        {
            var bare = await TakenAsync(() => AskAsync(server.Uri));
            var frame = await PlayAsync(composition, one);
            var engine = await PlayAsync(composition, experiment);
            if (round >= WarmUps) rounds.Add((bare, frame, engine));
        }

        Console.WriteLine("| | seconds, median | of a processor |\n|---|---|---|");
        Show($"{Probes} requests, one after the other, by HttpClient", [.. rounds.Select(static round => round.Bare)]);
        Show($"{Probes} http probes in a run, from its beginning to its end", [.. rounds.Select(static round => round.Engine)]);
        Show("a run of one probe: validation, recovery log, journal", [.. rounds.Select(static round => round.One)]);
        Console.WriteLine($"| the run ÷ the requests, median (least to most) of {Pairs} pairs | "
            + $"{Measurement.Spread(rounds.Select(static round => round.Engine.Seconds / round.Bare.Seconds), "F2")} | "
            + $"{Measurement.Spread(rounds.Select(static round => round.Engine.Processor / round.Bare.Processor), "F2")} |");
    }

    private static async Task AskAsync(Uri uri)
    {
        using var client = new HttpClient();
        for (var i = 0; i < Probes; i++)
        {
            using var response = await client.GetAsync(uri);
            await response.Content.ReadAsByteArrayAsync();
        }
    }

    /// <summary>Takes the time of a run alone: the sandbox is there before.</summary>
    private static async Task<Taken> PlayAsync(Composition composition, Experiment experiment)
    {
        var state = Directory.CreateTempSubdirectory("chaosps-bench-").FullName;
        try
        {
            var connection = composition.Connect(SandboxFactory.Create("contactsapp", seed: 1));
            ChaosRun? run = null;
            var taken = await TakenAsync(async () => run = await ExperimentRunner.RunAsync(
                experiment, connection, new RunOptions { AllowExternal = true, StatePath = state }, NullLog.Instance, CancellationToken.None));
            return run!.Outcome == RunOutcome.Passed ? taken : throw new InvalidOperationException($"The run did not pass, so its time says nothing: {run.Reason}");
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private static void MeasureReading()
    {
        var text = Method(Activities, new Uri("http://localhost/"));
        var documents = new Composition().Documents;
        var environment = new EnvironmentVariables(new Dictionary<string, string>(), "none", new Dictionary<string, string>());
        var (load, read, validate) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            load.Add(Seconds(() => documents.Read(text, "large.yaml")));
            Experiment? experiment = null;
            read.Add(Seconds(() => experiment = ExperimentReader.Read(text, "large.yaml", documents)));
            validate.Add(Seconds(() => _ = ExperimentValidator.Validate(experiment!, environment).IsValid ? 0 : throw new InvalidOperationException("It is invalid.")));
        }

        Console.WriteLine(FormattableString.Invariant($"| {Activities} activities: the first time, all of it | {read[0] + validate[0]:0.000} |"));
        Show($"{Activities} activities: the YAML", load);
        Show($"{Activities} activities: the YAML, and what is in it", read);
        Show($"{Activities} activities: the validation", validate);
    }

    private static void MeasureProcesses(string command)
    {
        var folder = Directory.CreateTempSubdirectory("chaosps-bench-").FullName;
        try
        {
            var four = Path.Combine(folder, "four.yaml");
            var large = Path.Combine(folder, "large.yaml");
            File.WriteAllText(four, Method(0, null) + "steady-state-hypothesis:\n  title: h\n  probes:\n" + string.Concat(
                Enumerable.Range(0, 4).Select(static i => $"  - {{type: probe, name: p{i}, tolerance: 0, provider: {{type: process, path: \"true\"}}}}\n")));
            File.WriteAllText(large, Method(Activities, new Uri("http://localhost/")));
            Time("the command's help: runtime, command line", "--help");
            Time("validate, four probes", "validate", four);
            Time($"validate, {Activities} activities", "validate", large);
            Time("run, four probes", "run", four, "--sandbox", "contactsapp", "--allow-external", "--state-path", folder, "--journal-path", Path.Combine(folder, "journal.json"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Time(string what, params string[] arguments)
        {
            var wall = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                using var process = new Process { StartInfo = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true } };
                wall.Add(Seconds(() =>
                {
                    process.Start();
                    process.StandardOutput.ReadToEnd();
                    process.WaitForExit();
                }));
                if (process.ExitCode != 0) throw new InvalidOperationException($"{what} ended with {process.ExitCode}.");
            }

            Console.WriteLine(FormattableString.Invariant($"| process: {what} | {Median(wall):0.00} |"));
        }
    }

    /// <summary>An experiment that asks a server so many times.</summary>
    private static string Method(int count, Uri? uri)
    {
        var text = new StringBuilder("title: many\ndescription: for measuring\n").AppendLine(count == 0 ? "method: []" : "method:");
        for (var i = 0; i < count; i++) text.AppendLine(CultureInfo.InvariantCulture, $"- type: probe\n  name: ask {i}\n  provider:\n    type: http\n    url: {uri}\n    timeout: 5");
        return text.ToString();
    }

    private static async Task<Taken> TakenAsync(Func<Task> work)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await work();
        return new Taken(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static double Seconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Show(string what, List<double> seconds) => Console.WriteLine(FormattableString.Invariant($"| {what} | {Median(seconds):0.000} |"));

    private static void Show(string what, List<Taken> taken) => Console.WriteLine(FormattableString.Invariant(
        $"| {what} | {Median([.. taken.Select(static it => it.Seconds)]):0.000} | {Median([.. taken.Select(static it => it.Processor)]):0.000} |"));

    /// <summary>What something took of the clock, and of this process's processors, the server's part included.</summary>
    private readonly record struct Taken(double Seconds, double Processor);
}
