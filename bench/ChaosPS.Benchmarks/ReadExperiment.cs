using BenchmarkDotNet.Attributes;
using ChaosPS.Experiments;
using ChaosPS.Providers;
using ChaosPS.Sandbox;

namespace ChaosPS.Benchmarks;

/// <summary>From the text of the sample experiment to its validation: what every run does first.</summary>
[MemoryDiagnoser]
public class ReadExperiment
{
    private readonly Composition _composition = new();
    private readonly string _text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "stop-node.yaml"));
    private EnvironmentVariables _environment = null!;

    [GlobalSetup]
    public void Connect() => _environment = EnvironmentVariables.For(_composition.Connect(SandboxFactory.Create("contactsapp", seed: 1)));

    [Benchmark]
    public ExperimentValidation ReadAndValidate()
    {
        var validation = ExperimentValidator.Validate(ExperimentReader.Read(_text, "stop-node.yaml", _composition.Documents), _environment);
        return validation.IsValid ? validation : throw new InvalidOperationException("The sample is invalid: the numbers would be those of an error.");
    }
}
