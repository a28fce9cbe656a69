using System.Management.Automation;
using System.Management.Automation.Language;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Sessions;

/// <summary>What can be said of scripts and commands before they run.</summary>
internal static class ScriptReviews
{
    /// <summary>Variables that every session has, and those that PowerShell sets itself.</summary>
    private static readonly HashSet<string> s_automatic = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "args", "ConfirmPreference", "DebugPreference", "Error", "ErrorActionPreference", "ExecutionContext", "false", "foreach", "HOME", "Host", "InformationPreference", "input",
        "IsCoreCLR", "IsLinux", "IsMacOS", "IsWindows", "LASTEXITCODE", "Matches", "MyInvocation", "null", "OutputEncoding", "PID", "ProgressPreference", "PSBoundParameters",
        "PSCmdlet", "PSCulture", "PSDefaultParameterValues", "PSEdition", "PSHOME", "PSItem", "PSNativeCommandUseErrorActionPreference", "PSScriptRoot", "PSUICulture",
        "PSVersionTable", "PWD", "StackTrace", "switch", "this", "true", "VerbosePreference", "WarningPreference", "WhatIfPreference", "?", "^", "$",
    };

    /// <summary>Looks at a script: its mistakes, and the variables that it reads and does not set.</summary>
    public static ScriptReview OfScript(string script)
    {
        var tree = Parser.ParseInput(script, out _, out var errors);
        var set = tree.FindAll(static node => node is AssignmentStatementAst or ParameterAst or ForEachStatementAst, searchNestedScriptBlocks: true)
            .SelectMany(static node => node switch
            {
                AssignmentStatementAst assignment => Variables(assignment.Left),
                ParameterAst parameter => [parameter.Name],
                ForEachStatementAst each => [each.Variable],
                _ => Enumerable.Empty<VariableExpressionAst>(),
            })
            .Select(static variable => variable.VariablePath.UserPath).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var borrowed = Variables(tree).Where(variable => !set.Contains(variable.VariablePath.UserPath) && !s_automatic.Contains(variable.VariablePath.UserPath)
            && (variable.VariablePath.IsUnscopedVariable || variable.VariablePath.IsGlobal || variable.VariablePath.IsScript))
            .Select(static variable => $"${variable.VariablePath.UserPath}").Distinct(StringComparer.OrdinalIgnoreCase);
        return new ScriptReview(
            [.. errors.Select(static error => new ScriptProblem("ScriptInvalid", $"Line {error.Extent.StartLineNumber}, column {error.Extent.StartColumnNumber} of the script: {error.Message}", null))],
            [.. borrowed]);
    }

    /// <summary>Whether a script has an <c>exit</c>.</summary>
    public static bool Exits(string script) =>
        Parser.ParseInput(script, out _, out _).Find(static node => node is ExitStatementAst, searchNestedScriptBlocks: true) is not null;

    /// <summary>Looks at a command: whether there is one, and whether it has the parameters.</summary>
    public static ScriptReview OfCommand(ScriptCall call, CommandInvocationIntrinsics commands)
    {
        var name = call.Command!;
        if (commands.GetCommand(name, CommandTypes.All) is not { } command)
        {
            var words = name.Split('-', 2);
            var near = ((string[])[$"{words[0]}-*", $"*-{words[^1]}"])
                .SelectMany(pattern => commands.GetCommands(pattern, CommandTypes.Cmdlet | CommandTypes.Function, nameIsPattern: true)).Select(static found => found.Name);
            return new ScriptReview([new ScriptProblem("UnknownCommand", $"There is no command '{name}' in this session.", NearestNames.Suggest(name, near))], []);
        }

        return new ScriptReview([.. Unknown(call, command)], command is FunctionInfo { Module: null } or AliasInfo { Module: null } ? [$"the {command.CommandType} {name}".ToLowerInvariant()] : []);
    }

    private static IEnumerable<ScriptProblem> Unknown(ScriptCall call, CommandInfo command)
    {
        if (command is AliasInfo alias) command = alias.ResolvedCommand ?? command;
        if (call.Arguments is not IReadOnlyDictionary<string, object?> arguments || command is not (CmdletInfo or FunctionInfo { CmdletBinding: true })) yield break;
        if (command is CmdletInfo cmdlet && typeof(IDynamicParameters).IsAssignableFrom(cmdlet.ImplementingType)) yield break; // only a call knows them all
        foreach (var name in arguments.Keys)
        {
            if (Has(command, name)) continue;
            yield return new ScriptProblem("UnknownArgument", $"{command.Name} has no parameter '{name}'.", NearestNames.Suggest(name, command.Parameters.Keys));
        }
    }

    private static bool Has(CommandInfo command, string parameter)
    {
        try
        {
            return command.ResolveParameter(parameter) is not null;
        }
        catch (ParameterBindingException)
        {
            return false; // none, or several that begin so
        }
    }

    private static IEnumerable<VariableExpressionAst> Variables(Ast tree) =>
        tree.FindAll(static node => node is VariableExpressionAst, searchNestedScriptBlocks: true).Cast<VariableExpressionAst>();
}
