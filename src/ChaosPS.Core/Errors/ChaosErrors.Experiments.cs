using ChaosPS.Azure;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>The definition has errors, so it cannot run.</summary>
    public static ChaosException ExperimentInvalid(ExperimentValidation validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        string[] errors = [.. validation.Errors.Select(static finding => finding.ToString())];
        return new ChaosException(
            "ExperimentInvalid", ErrorKind.InvalidData,
            $"The experiment cannot run; nothing was touched. {string.Join(Environment.NewLine, errors)}",
            "Test-ChaosExperiment (chaosps validate) shows every finding with its place.", validation);
    }

    /// <summary>An experiment came line by line.</summary>
    public static ChaosException ExperimentInLines(string line) => new(
        "ExperimentInLines", ErrorKind.InvalidArgument, $"'{line}' is no file, and looks like a line of an experiment.",
        "Pass its path, or its text in one piece: Get-Content -Raw ./experiment.yaml | Invoke-ChaosExperiment.", line);

    /// <summary>An object that should be an experiment goes on and on.</summary>
    public static ChaosException ExperimentTooDeep(int most) => new(
        "ExperimentTooDeep", ErrorKind.InvalidData, $"The object is nested more than {most} deep, so it is no experiment.",
        "See whether it refers to itself; an experiment is made of hashtables, lists and plain values.", null);

    /// <summary>An object that should be an experiment is none.</summary>
    public static ChaosException ExperimentObjectInvalid(string type) => new(
        "ExperimentObjectInvalid", ErrorKind.InvalidArgument, $"A {type} is no experiment.",
        "Pass a path, an address, the text of an experiment, or a hashtable such as @{ title = '…'; description = '…'; method = @() }.", type);

    /// <summary>A variable on the command line is not <c>name[:type]=value</c>.</summary>
    public static ChaosException VariableTextInvalid(string text, string why) => new(
        "VariableTextInvalid", ErrorKind.InvalidArgument,
        $"The variable '{text}' cannot be read: {why}.",
        "Write name=value, or name:type=value with a type of str, int, float, bytes, bool or json.", text);

    /// <summary>An action would take every scale set of the subscription.</summary>
    public static ChaosException FilterEmpty(string what, string sort, AzureScope scope, IEnumerable<string> existing) => new(
        "FilterEmpty", ErrorKind.Refused,
        $"{what} has no filter: all {sort} of {scope} would be hit. Nothing was touched. Those that exist: {List(existing)}.",
        "Name what is meant: filter: where name=~'…'.", what);

    /// <summary>A filter matches nothing of its kind.</summary>
    public static ChaosException ResourceNotMatched(
        string what, string sort, string filter, AzureScope scope, IEnumerable<string> existing) => new(
        "ResourceNotMatched", ErrorKind.NotFound,
        $"{what} looked for {sort} with the filter \"{filter}\", and none of {scope} matches. Nothing was touched. Those that exist: {List(existing)}.",
        "Compare the filter's values with them: one may have been read from the wrong variable. Resource Graph takes some minutes to know of a new one.", filter);

    /// <summary>A managed cluster has no machines.</summary>
    public static ChaosException NodesNotMatched(string what, string cluster, string group, AzureScope scope) => new(
        "NodesNotMatched", ErrorKind.NotFound,
        $"{what} found no machine in '{group}', the node resource group of cluster '{cluster}' in {scope}. Nothing was touched.",
        "See whether the cluster is stopped, and whether the identity may read the node resource group.", cluster);

    /// <summary>A filter matches no scale set.</summary>
    public static ChaosException ScaleSetNotMatched(
        string what, string filter, AzureScope scope, IEnumerable<string> existing) => new(
        "ScaleSetNotMatched", ErrorKind.NotFound,
        $"{what} looked for virtual machine scale sets with the filter \"{filter}\", and none of {scope} matches. Nothing was touched. Scale sets that exist: {List(existing)}.",
        "Compare the filter's values with the scale sets: one may have been read from the wrong variable.", filter);

    /// <summary>No instance meets the criteria.</summary>
    public static ChaosException InstanceNotMatched(string what, string filter, string criteria, AzureScope scope, IEnumerable<string> existing) => new(
        "InstanceNotMatched", ErrorKind.NotFound,
        $"{what} looked for {criteria} in the scale sets of the filter \"{filter}\" in {scope}, and none matches. Nothing was touched. Instances that exist: {List(existing)}.",
        "Compare the criteria with the instances; Azure's name of an instance is not the name of its node.", criteria);

    /// <summary>The criteria are not a list of mappings.</summary>
    public static ChaosException CriteriaInvalid(string what, string criteria, AzureScope scope) => new(
        "CriteriaInvalid", ErrorKind.InvalidData,
        $"{what} has instance_criteria that are no list of mappings: {criteria}. Nothing was touched in {scope}.",
        "Write a list, such as - name: aks-nodepool1-vmss_0.", criteria);

    /// <summary>A criterion is not known.</summary>
    public static ChaosException CriterionUnknown(string what, string key, AzureScope scope, IEnumerable<string> known) => new(
        "CriterionUnknown", ErrorKind.InvalidData,
        $"{what} tells instances by '{key}', which they do not have. Nothing was touched in {scope}.",
        $"They have {List(known)}.", key);

    /// <summary>An action that cannot be undone was not allowed.</summary>
    public static ChaosException IrreversibleNotAllowed(string activity, string function, string what) => new(
        "IrreversibleNotAllowed", ErrorKind.Refused,
        $"The activity '{activity}' ({function}) would {what}, which cannot be undone, and the run does not allow that. Nothing was touched.",
        "Allow it with -AllowIrreversible (--allow-irreversible on the command line), if it is what you want.", activity);

    /// <summary>An http activity had no answer in time.</summary>
    public static ChaosException HttpTimeout(string url, TimeSpan timeout) => new(
        "HttpTimeout", ErrorKind.Timeout,
        $"activity took too long to complete: no answer within {Text.Seconds(timeout)}",
        "Look at the application, or allow it more time with the activity's timeout.", url);

    /// <summary>An http activity could not reach the server.</summary>
    public static ChaosException HttpConnectionFailed(string url, Exception inner) => new(
        "HttpConnectionFailed", ErrorKind.ConnectionFailed,
        $"failed to connect to {url}: {inner.Message}", "Check the address and the application behind it.", url, inner);

    /// <summary>An http activity has no usable address.</summary>
    public static ChaosException HttpUrlInvalid(string url) => new(
        "HttpUrlInvalid", ErrorKind.InvalidArgument,
        $"'{url}' is no http or https address", "Check the url and the values of its placeholders.", url);

    /// <summary>An http activity has a header that is no text.</summary>
    public static ChaosException HttpHeaderInvalid(string name, string value) => new(
        "HttpHeaderInvalid", ErrorKind.InvalidArgument,
        $"the header {name} must be a text, and is {value}", "Put it in quotes.", name);

    /// <summary>The arguments of an http activity are neither a query nor a form.</summary>
    public static ChaosException HttpArgumentsInvalid(string value) => new(
        "HttpArgumentsInvalid", ErrorKind.InvalidArgument, $"the arguments must be a mapping or a text, and are {value}",
        "Check the arguments and the values of their placeholders; to send them as JSON, add the header Content-Type: application/json.", value);

    /// <summary>An http activity has no usable time-out.</summary>
    public static ChaosException HttpTimeoutInvalid(string value) => new(
        "HttpTimeoutInvalid", ErrorKind.InvalidArgument,
        $"the time-out {value} is no positive number of seconds, nor two of them", "Check the timeout and the values of its placeholders.", value);

    /// <summary>The body is not what its type says.</summary>
    public static ChaosException HttpBodyInvalid(string url, Exception inner) => new(
        "HttpBodyInvalid", ErrorKind.InvalidData,
        $"the answer of {url} is no JSON, though its type says so: {inner.Message}", "Check the application.", url, inner);

    /// <summary>A server sends on and on.</summary>
    public static ChaosException HttpRedirectsEndless(Uri uri, int most)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return new(
            "HttpRedirectsEndless", ErrorKind.OperationFailed, $"{Text.Address(uri)} has sent on to another address {most} times",
            "See where its redirects lead to: curl -sIL shows them.", Text.Address(uri));
    }

    /// <summary>A process activity names a program that is not there.</summary>
    public static ChaosException ProgramNotFound(string path) => new(
        "ProgramNotFound", ErrorKind.NotFound, $"the program '{path}' cannot be found", "Install it, or write its whole path.", path);

    /// <summary>The system would not start a program.</summary>
    public static ChaosException ProgramNotStarted(string path, Exception inner) => new(
        "ProgramNotStarted", ErrorKind.OperationFailed, $"the program '{path}' could not be started: {inner.Message}", "Try it at a prompt.", path, inner);

    /// <summary>A process activity did not end in time; it was killed.</summary>
    public static ChaosException ProcessTimeout(string path, TimeSpan timeout) => new(
        "ProcessTimeout", ErrorKind.Timeout,
        $"process activity took too long to complete: {path} did not end within {Text.Seconds(timeout)}, and was killed",
        "Allow it more time with the provider's timeout.", path);

    /// <summary>An answer, a program or a pod says more than is kept.</summary>
    internal static ChaosException OutputTooLarge(string what, int mebibytes) => new(
        "OutputTooLarge", ErrorKind.InvalidData, $"{what} is larger than {mebibytes} MiB, and is read no further", "Ask for less of it, or have a program look at it and write what matters.", what);

    /// <summary>The journal cannot be written, so the run does not begin.</summary>
    public static ChaosException JournalUnwritable(string path, Exception inner) => new(
        "JournalUnwritable", ErrorKind.InvalidArgument,
        $"The journal '{path}' cannot be written: {inner.Message} Nothing was touched.", "Choose another path for it with -JournalPath (--journal-path on the command line).", path, inner);

    /// <summary>A file of variables is none.</summary>
    public static ChaosException VariableFileInvalid(string path, string problem) => new(
        "VariableFileInvalid", ErrorKind.InvalidData, $"The file of variables '{path}' cannot be used: {problem}.",
        "Write configuration: {name: value} into a .yaml or .json file, or lines NAME=VALUE into any other.", path);

    /// <summary>A program that a value of the configuration comes from did not do its work.</summary>
    public static ChaosException ConfigurationProbeFailed(string status) => new(
        "ConfigurationProbeFailed", ErrorKind.OperationFailed, $"its program ended with status {status}", "Try it at a prompt.", null);

    /// <summary>Values of the configuration could not be found out, so nothing was touched.</summary>
    public static ChaosException ConfigurationNotFound(string problems) => new(
        "ConfigurationNotFound", ErrorKind.NotFound, $"The configuration is not complete, so nothing was touched: {problems}",
        "Mend the probe, or pass the value as a variable of the run.", null);

    /// <summary>A pause is no number when the run comes to it.</summary>
    public static ChaosException PauseInvalid(string value, string when) => new(
        "PauseInvalid", ErrorKind.InvalidData, $"the pause {when} is {value}, and must be a number of seconds, 0 or more",
        "Check the value of its placeholder.", null);

    /// <summary>A tolerance cannot be held against what its probe gave.</summary>
    public static ChaosException ToleranceNotEvaluable(string probe, string problem) => new(
        "ToleranceNotEvaluable", ErrorKind.InvalidData, $"the tolerance of '{probe}' cannot be evaluated: {problem}",
        "Validate the experiment, and look at the probe's output in the journal.", probe);

    /// <summary>An experiment is named by an address that cannot be fetched.</summary>
    public static ChaosException SourceUnsupported(string source) => new(
        "SourceUnsupported", ErrorKind.InvalidArgument, $"'{source}' is neither a file nor an http or https address.", "Name a file, or an address such as https://host/experiment.yaml.", source);

    /// <summary>The token would be sent so that anybody on the way can read it.</summary>
    public static ChaosException SourceTokenExposed(Uri uri, string owner) => new(
        "SourceTokenExposed", ErrorKind.Refused, $"{Text.Address(uri)} is not encrypted, and the token of {owner} would be sent there. Nothing was sent.",
        $"Use https, or take the token out of {owner}.", Text.Address(uri));

    /// <summary>The server of an experiment cannot be reached.</summary>
    public static ChaosException SourceUnreachable(Uri uri, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        var tls = inner.InnerException is System.Security.Authentication.AuthenticationException;
        return new(
            "SourceUnreachable", ErrorKind.ConnectionFailed, $"The experiment {Text.Address(uri)} cannot be fetched: {inner.Message}{(tls ? $" {inner.InnerException!.Message}" : "")}",
            tls ? "Make the certificate's issuer known to this machine; -SkipCertificateCheck (--no-verify-tls) believes any certificate."
                : "Check the address, the network and the proxy (HTTPS_PROXY), or download the file by hand.", Text.Address(uri), inner);
    }

    /// <summary>The server of an experiment did not answer in time.</summary>
    public static ChaosException SourceTimeout(Uri uri, TimeSpan timeout) => new(
        "SourceTimeout", ErrorKind.Timeout, $"The experiment {Text.Address(uri)} could not be fetched within {Text.Seconds(timeout)}.",
        "Try again, or download the file by hand.", Text.Address(uri));

    /// <summary>The server of an experiment has not given it.</summary>
    public static ChaosException SourceRefused(Uri uri, int status, string variable) => new(
        "SourceRefused",
        status switch { 401 => ErrorKind.AuthenticationFailed, 403 => ErrorKind.PermissionDenied, 404 or 410 => ErrorKind.NotFound, _ => ErrorKind.ConnectionFailed },
        $"The experiment {Text.Address(uri)} cannot be fetched: the server answered with status {status}.",
        status switch
        {
            401 or 403 => $"Put a token that may read it into the variable {variable}; a web page of a repository is not the file itself.",
            404 or 410 => "Check the address; a private repository answers so too, and wants a token in the variable " + variable + ".",
            _ => "Try again later, or download the file by hand.",
        },
        Text.Address(uri));

    /// <summary>What a server gives is no experiment.</summary>
    public static ChaosException SourceTooLarge(Uri uri, int most) => new(
        "SourceTooLarge", ErrorKind.InvalidData, $"{Text.Address(uri)} has more than {most} MiB, so it is no experiment.", "Check the address.", Text.Address(uri));

    /// <summary>What a server gives is of no type that experiments are.</summary>
    public static ChaosException SourceTypeUnknown(Uri uri, string? type) => new(
        "SourceTypeUnknown", ErrorKind.InvalidData, $"{Text.Address(uri)} is {(type is null ? "of no content type" : $"of the type {type}")}, and so no experiment.",
        "JSON is application/json, YAML application/x-yaml or text/yaml, either may be text/plain. Of a file in a repository take the raw one.", Text.Address(uri));

    /// <summary>A powershell activity without PowerShell.</summary>
    public static ChaosException SessionMissing(string activity) => new(
        "SessionMissing", ErrorKind.NotSupported, $"'{activity}' runs in a session of PowerShell, and here is none", "Run the experiment with Invoke-ChaosExperiment.", activity);

    /// <summary>A script or command wrote an error.</summary>
    /// <param name="call">What was run.</param>
    /// <param name="message">The first error.</param>
    /// <param name="others">How many came after it.</param>
    /// <param name="inner">The exception; null when there is none.</param>
    public static ChaosException ScriptFailed(ScriptCall call, string message, int others, Exception? inner)
    {
        ArgumentNullException.ThrowIfNull(call);
        var more = others switch { 0 => "", 1 => " (and one more error)", _ => $" (and {others} more errors)" };
        return new(
            "ScriptFailed", ErrorKind.OperationFailed, $"{call}: {message}{more}",
            "Try it at the prompt. An error that is expected is left out by -ErrorAction Ignore, or caught.", call.ToString(), inner);
    }

    /// <summary>A script or command took longer than it may.</summary>
    public static ChaosException ScriptTimeout(ScriptCall call, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new(
            "ScriptTimeout", ErrorKind.Timeout, $"activity took too long to complete: {call} did not end within {Text.Seconds(timeout)}, and was stopped",
            "Allow it more time with the provider's timeout.", call.ToString());
    }

    /// <summary>A script was stopped by something else than the run.</summary>
    public static ChaosException ScriptStopped(ScriptCall call) => new(
        "ScriptStopped", ErrorKind.OperationFailed, $"{call} was stopped", "See what in it stops pipelines.", call?.ToString());

    /// <summary>A script must not do more than whoever runs it: after a stop it would need a new session, and from the pipeline it may come through a function that may do more.</summary>
    public static ChaosException SessionRestricted(ScriptCall call, string mode) => new(
        "SessionRestricted", ErrorKind.Refused, $"{call} is not run: this session is restricted ({mode}), and where it would run now is not",
        "Pass the experiment as an argument, not from a function. What must run after Ctrl+C belongs into other activities here.", call?.ToString());

    /// <summary>A secret cannot be read.</summary>
    public static ChaosException SecretUnreadable(string name, string? vault, string reason, Exception? inner) => new(
        "SecretUnreadable", ErrorKind.NotFound, $"The secret '{name}'{(vault is null ? "" : $" of the vault '{vault}'")} cannot be read: {reason}",
        "Get-SecretInfo lists the secrets; Unlock-SecretStore opens a store that is locked.", name, inner);

    /// <summary>A script of an experiment in a sandbox runs another one, which would wait for the first one's time.</summary>
    public static ChaosException ExperimentWithinExperiment(string source) => new(
        "ExperimentWithinExperiment", ErrorKind.Refused, $"'{source}' would be run by a script of another experiment, in the same sandbox: their times would wait for each other.",
        "Run them one after the other, or put the activities into one experiment.", source);
}
