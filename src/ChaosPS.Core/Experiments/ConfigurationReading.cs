using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Reads the values of <c>configuration</c> and <c>secrets</c>: from variables, the environment, or as they are written.</summary>
internal sealed class ConfigurationReading
{
    /// <summary>The type of secrets that PowerShell's SecretManagement has.</summary>
    public const string SecretManagement = "secretmanagement";

    private static readonly string[] s_storedKeys = ["type", "name", "vault"];

    private readonly EnvironmentVariables _environment;
    private readonly ICallerSession? _session;
    private readonly List<(OrderedDictionary<string, object?> Values, string Key, string Name, string? Vault)> _stored = [];
    private readonly IReadOnlyDictionary<string, object?> _variables;
    private readonly IReadOnlyDictionary<string, object?> _secretVariables;
    private readonly FindingList _findings;
    private readonly Dictionary<string, string> _sources = [];

    private ConfigurationReading(
        EnvironmentVariables environment, IReadOnlyDictionary<string, object?> variables, IReadOnlyDictionary<string, object?> secretVariables, FindingList findings,
        ICallerSession? session)
    {
        _session = session;
        _secretVariables = secretVariables;
        _environment = environment;
        _variables = variables;
        _findings = findings;
    }

    /// <summary>The configuration's values by key.</summary>
    public OrderedDictionary<string, object?> Configuration { get; } = [];

    /// <summary>The secrets' values by scope and key.</summary>
    public OrderedDictionary<string, object?> Secrets { get; } = [];

    /// <summary>Whether a variable of the run says what the value of a key is.</summary>
    public bool IsGiven(string key) => _variables.ContainsKey(key);

    /// <summary>Where each environment variable that was read came from, by its name.</summary>
    public IReadOnlyDictionary<string, string> Sources => _sources;

    /// <summary>Reads both; what cannot be read is reported and left out.</summary>
    public static ConfigurationReading Read(
        Experiment experiment, EnvironmentVariables environment, IReadOnlyDictionary<string, object?>? variables, FindingList findings,
        IReadOnlyDictionary<string, object?>? secretVariables = null, ICallerSession? session = null)
    {
        var none = new Dictionary<string, object?>();
        var reading = new ConfigurationReading(environment, variables ?? none, secretVariables ?? none, findings, session);
        if (experiment.Document is not DocumentMapping document) return reading;
        if (document["configuration"] is DocumentMapping configuration) reading.ReadConfiguration(configuration);
        if (document["secrets"] is DocumentMapping secrets) reading.ReadSecrets(secrets, reading.Secrets);
        reading.FindUnusedVariables(document);
        return reading;
    }

    /// <summary>Reads the secrets that stand in vaults: only a run and its plan need them.</summary>
    /// <exception cref="ChaosException">One cannot be read: id <c>SecretUnreadable</c>.</exception>
    public async Task ReadStoredAsync(ICallerSession? session, CancellationToken cancellationToken)
    {
        foreach (var (values, key, name, vault) in _stored)
            values[key] = PythonValue.From(await session!.ReadSecretAsync(name, vault, cancellationToken)); // without a session validation has refused them
    }

    private void ReadConfiguration(DocumentMapping configuration)
    {
        foreach (var entry in configuration.Entries)
        {
            var key = DocumentValues.Key(entry);
            var at = Place(entry.Value);
            var value = _variables.TryGetValue(key, out var given) ? PythonValue.From(given) : DocumentValues.ToValue(entry.Value);
            if (value is not IReadOnlyDictionary<string, object?> map || !map.TryGetValue("type", out var type))
            {
                Configuration[key] = value;
                continue;
            }

            switch (type)
            {
                case "env":
                    ReadEnvironment($"The configuration key '{key}'", key, map, at, allowDefault: true, Configuration);
                    break;
                default: // a probe is played when the run begins
                    Configuration[key] = value;
                    break;
            }
        }
    }

    private void ReadSecrets(DocumentMapping secrets, OrderedDictionary<string, object?> values)
    {
        foreach (var entry in secrets.Entries)
        {
            var key = DocumentValues.Key(entry);
            if ((values == Secrets && _variables.TryGetValue(key, out var given)) || _secretVariables.TryGetValue(key, out given))
            {
                values[key] = PythonValue.From(given);
                continue;
            }

            if (entry.Value is not DocumentMapping mapping)
            {
                values[key] = DocumentValues.ToValue(entry.Value);
                continue;
            }

            switch ((mapping["type"] as DocumentScalar)?.Value)
            {
                case "env":
                    ReadEnvironment($"The secret '{key}'", key, DocumentValues.ToMap(mapping), Place(mapping), allowDefault: false, values);
                    break;
                case "vault":
                    _findings.Error(
                        "NotSupported", mapping, $"The secret '{key}' is kept in a vault of HashiCorp's, which this version does not ask.",
                        $"Pass it in an environment variable, type: env; or register the vault with PowerShell's SecretManagement: type: {SecretManagement}.");
                    break;
                case SecretManagement:
                    ReadStored(key, mapping, values);
                    break;
                default:
                    var scope = new OrderedDictionary<string, object?>();
                    ReadSecrets(mapping, scope);
                    values[key] = scope;
                    break;
            }
        }
    }

    private void ReadStored(string key, DocumentMapping mapping, OrderedDictionary<string, object?> values)
    {
        _findings.UnknownKeys(mapping, "a secret", s_storedKeys);
        var name = (mapping["name"] as DocumentScalar)?.Value as string;
        if (string.IsNullOrEmpty(name))
        {
            _findings.Error("MissingKey", mapping["name"] ?? mapping, $"The secret '{key}' must have the name that it has in its vault.", "Add name: …");
        }
        else if (mapping["vault"] is { } vault and not DocumentScalar { Value: null or string { Length: > 0 } })
        {
            _findings.Error("WrongType", vault, "The vault of a secret must be its name.");
        }
        else if (_session is null)
        {
            _findings.Error(
                "NeedsPowerShell", mapping, $"The secret '{key}' is read through PowerShell, and here is no session of it.",
                "Run the experiment with Invoke-ChaosExperiment, or pass the secret in an environment variable: type: env.");
        }
        else if (!_session.HasSecretManagement)
        {
            _findings.Error(
                "SecretManagementMissing", mapping, $"The secret '{key}' is read by Get-Secret, and there is no such command.",
                "Install-PSResource Microsoft.PowerShell.SecretManagement, and the module of a vault, such as Microsoft.PowerShell.SecretStore.");
        }
        else
        {
            _stored.Add((values, key, name, (mapping["vault"] as DocumentScalar)?.Value as string));
        }
    }

    private void ReadEnvironment(
        string what, string key, IReadOnlyDictionary<string, object?> definition, DocumentNode at, bool allowDefault,
        OrderedDictionary<string, object?> values)
    {
        if (definition.GetValueOrDefault("key") is not string name)
        {
            _findings.Error("VariableUnnamed", at, $"{what} is read from the environment, but its 'key' names no variable.");
            return;
        }

        object? value = _environment.Get(name);
        if (_environment.SourceOf(name) is { } source)
        {
            _sources[name] = source;
        }
        else if (!allowDefault || !definition.TryGetValue("default", out value))
        {
            var near = NearestNames.Find(name, _environment.Names);
            _findings.Error(
                "VariableMissing", at, $"{what} reads the environment variable {name}, which is not set.",
                near.Count > 0 ? $"Set it, or did you mean {string.Join(" or ", near)}?" : $"Set it, or give '{key}' as a variable of the run.");
            return;
        }

        try
        {
            values[key] = allowDefault && definition.GetValueOrDefault("env_var_type") is { } type
                ? TypedText.Convert(PythonValue.Text(type), value)
                : value;
        }
        catch (FormatException exception)
        {
            _findings.Error("VariableInvalid", at, $"{what} reads the environment variable {name}: {exception.Message}.");
        }
    }

    private void FindUnusedVariables(DocumentMapping document)
    {
        string[] known = [.. Keys(document["configuration"]), .. Keys(document["secrets"]), .. Inner(document["secrets"])];
        foreach (var name in _variables.Keys.Concat(_secretVariables.Keys).Where(name => !known.Contains(name)))
        {
            _findings.Warning(
                "VariableUnused", document["configuration"] ?? document,
                $"The run is given the variable '{name}', but neither configuration nor secrets declare it.", NearestNames.Suggest(name, known));
        }
    }

    private static IEnumerable<string> Keys(DocumentNode? node) => node is DocumentMapping map ? map.Entries.Select(DocumentValues.Key) : [];

    private static IEnumerable<string> Inner(DocumentNode? secrets) =>
        (secrets as DocumentMapping)?.Entries.SelectMany(static scope => Keys(scope.Value)) ?? [];

    /// <summary>Where the variable's name stands; where the value stands when it has none.</summary>
    private static DocumentNode Place(DocumentNode value) => (value as DocumentMapping)?["key"] ?? value;
}
