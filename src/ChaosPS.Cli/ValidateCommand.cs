using System.CommandLine;
using System.Text.Json.Nodes;
using ChaosPS.Experiments;

namespace ChaosPS.Cli;

/// <summary><c>chaosps validate</c>: says everything that is wrong with an experiment, with its place.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new ExperimentArguments();
        var command = new Command("validate", "Say everything that is wrong with an experiment, with line and column. Nothing is run.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var experiment = await arguments.ReadAsync(parsed, cancellationToken);
            var log = new TerminalLog(terminal.Error, live: false, arguments.Verbose(parsed));
            var chosen = await arguments.ConnectChosenAsync(parsed, log, cancellationToken);
            var files = arguments.Files(parsed);
            var validation = ExperimentValidator.Validate(
                experiment, EnvironmentVariables.For(chosen, files.Environment), arguments.Variables(parsed, files),
                arguments.AllowExternal(parsed) ? null : Confinement.For(chosen), files.Secrets);
            validation = arguments.Strict(parsed) ? validation.AsStrict() : validation.AsVerdict();
            Write(terminal.Output, validation, arguments.Json(parsed));
            return validation.IsValid ? ExitCode.Ok : ExitCode.InvalidDefinition;
        });
        return command;
    }

    private static void Write(TextWriter writer, ExperimentValidation validation, bool json)
    {
        if (json)
        {
            writer.WriteLine(ToJson(validation).ToJsonString(JsonText.Options));
            return;
        }

        foreach (var finding in validation.Findings) writer.WriteLine(finding);
        var verdict = validation.IsValid ? "valid" : "invalid";
        writer.WriteLine($"{validation.Source}: {verdict}, {Count(validation.Errors, "error")}, {Count(validation.Warnings, "warning")}");
    }

    private static string Count(IEnumerable<ExperimentFinding> findings, string what) =>
        findings.Count() is var count && count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static JsonObject ToJson(ExperimentValidation validation) => new()
    {
        ["source"] = validation.Source,
        ["title"] = validation.Title,
        ["isValid"] = validation.IsValid,
        ["findings"] = new JsonArray([.. validation.Findings.Select(static finding => new JsonObject
        {
            ["severity"] = finding.Severity.ToString().ToLowerInvariant(),
            ["code"] = finding.Code,
            ["message"] = finding.Message,
            ["suggestion"] = finding.Suggestion,
            ["source"] = finding.Source,
            ["line"] = finding.Line,
            ["column"] = finding.Column,
        })]),
    };
}
