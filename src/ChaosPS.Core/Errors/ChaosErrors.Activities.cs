using ChaosPS.Experiments;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>An argument of an activity or a control is not what it must be, its placeholders filled.</summary>
    public static ChaosException ArgumentInvalid(string activity, string name, string wanted, string value) => new(
        "ArgumentInvalid", ErrorKind.InvalidData,
        $"The argument '{name}' of '{activity}' must be {wanted}, and is {value}.",
        "Check it and the values of its placeholders.", activity);

    /// <summary>An activity cannot be carried out as it is written, and the run was not to be validated.</summary>
    /// <param name="flaw">What is wrong with it, as the validation says.</param>
    internal static ChaosException ActivityInvalid(ExperimentFinding flaw) => new(
        flaw.Code is "UnknownArgument" or "MissingArgument" ? "ArgumentInvalid" : "ActivityInvalid", ErrorKind.InvalidData,
        $"its definition is invalid ({flaw.Code}): {flaw.Message}", flaw.Suggestion ?? "Test-ChaosExperiment (chaosps validate) shows every finding with its place.", null);

    /// <summary>There is no activity of that name.</summary>
    public static ChaosException ActivityNotFound(string name, IEnumerable<string> known) => new(
        "ActivityNotFound", ErrorKind.NotFound, $"There is no activity '{name}'.",
        NearestNames.Suggest(name, known) ?? "Get-ChaosActivity lists them all; -Name takes wildcards.", name);

    /// <summary>An action says nothing about what it is to hit, or says it with an empty selector.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="why">What is missing.</param>
    /// <param name="resource">What would be hit.</param>
    /// <param name="remedy">What to write.</param>
    public static ChaosException SelectionMissing(string activity, string why, string resource, string remedy) => new(
        "SelectionMissing", ErrorKind.Refused,
        $"The activity '{activity}' {why}: all {resource} would be candidates. Nothing is hit by leaving something out.",
        remedy, activity);

    /// <summary>What an activity names is not there.</summary>
    public static ChaosException NothingMatched(string activity, string what, IEnumerable<string> existing) => new(
        "NothingMatched", ErrorKind.NotFound,
        $"The activity '{activity}' looked for {what}, and there is none. There are: {List(existing)}.",
        "Compare the names, the labels and the namespace, and whether the run is connected to the right cluster.", activity);

    /// <summary>A probe found that something is not as it must be.</summary>
    public static ChaosException ProbeFailed(string reason) => new(
        "ProbeFailed", ErrorKind.OperationFailed, reason, "Look at the objects that it names.", null);

    /// <summary>An object is there already, and is not what is to be made.</summary>
    public static ChaosException ObjectExists(string activity, string what) => new(
        "ObjectExists", ErrorKind.Conflict,
        $"The activity '{activity}' makes {what}, and there is one of that name already. It is left as it is.",
        "Remove it first, or choose another name.", activity);

    /// <summary>A file or text does not define an object.</summary>
    public static ChaosException SpecFileInvalid(string path, string why) => new(
        "SpecFileInvalid", ErrorKind.InvalidData, $"'{path}' defines no object of Kubernetes: {why}.", "Write one object, as kubectl takes it, without '---'.", path);

    /// <summary>An experiment names another cluster than the one that the run is connected to.</summary>
    public static ChaosException OtherClusterNamed(string activity, string key, string named, string connected) => new(
        "OtherClusterNamed", ErrorKind.Refused,
        $"The secrets of the activity '{activity}' name the cluster {named} ({key}), and the run is connected to {connected}: its safeguards know no other. Nothing was touched.",
        $"Connect to {named}, or take {key} out of the experiment's secrets.", activity);

    /// <summary>An action stands where only probes may.</summary>
    public static ChaosException ActionInHypothesis(string activity, string function) => new(
        "ActionInHypothesis", ErrorKind.InvalidData,
        $"The activity '{activity}' ({function}) changes something, and the steady-state hypothesis only looks.", "Put it into the method.", activity);

    /// <summary>The API does not know a kind of object.</summary>
    public static ChaosException KindUnknown(string activity, string apiVersion, string kind) => new(
        "KindUnknown", ErrorKind.NotFound,
        $"The activity '{activity}' makes an object of kind {kind} in {apiVersion}, which the cluster does not know.",
        "Install what defines the kind (its CustomResourceDefinition) first.", activity);
}
