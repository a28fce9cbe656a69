using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ChaosPS.Build.Help;

/// <summary>Writes the XML help file that Get-Help reads.</summary>
/// <remarks>Form: https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-cmdlets .</remarks>
internal static class MamlWriter
{
    private static readonly XNamespace s_items = "http://msh";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string file, IEnumerable<CmdletHelp> helps)
    {
        var root = new XElement(s_items + "helpItems", new XAttribute("schema", "maml"), helps.Select(Command));
        using var writer = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) });
        root.Save(writer);
    }

    private static XElement Command(CmdletHelp help)
    {
        var (cmdlet, page) = help;
        var dash = cmdlet.Name.IndexOf('-', StringComparison.Ordinal);
        return new XElement(s_command + "command",
            new XAttribute(XNamespace.Xmlns + "command", s_command), new XAttribute(XNamespace.Xmlns + "maml", s_maml), new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            new XElement(s_command + "details",
                new XElement(s_command + "name", cmdlet.Name),
                new XElement(s_command + "verb", cmdlet.Name[..dash]),
                new XElement(s_command + "noun", cmdlet.Name[(dash + 1)..]),
                Description(page.Synopsis)),
            Description(page.Sections["Description"]),
            new XElement(s_command + "syntax", cmdlet.Sets.Select(set => SyntaxItem(cmdlet, page, set))),
            new XElement(s_command + "parameters", cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => Parameter(parameter, parameter.Uses[0], page))),
            new XElement(s_command + "inputTypes", Typed("inputType", page.Sections["Inputs"])),
            new XElement(s_command + "returnValues", Typed("returnValue", page.Sections["Outputs"])),
            new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", Paragraphs("Errors:\n\n" + page.Sections["Errors"]))),
            new XElement(s_command + "examples", page.Examples.Select(Example)),
            new XElement(s_command + "relatedLinks", page.Sections["See also"].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => new XElement(s_maml + "navigationLink", new XElement(s_maml + "linkText", line.TrimStart('-', ' ')), new XElement(s_maml + "uri")))));
    }

    private static XElement SyntaxItem(Cmdlet cmdlet, CmdletPage page, string? set)
    {
        var parameters = cmdlet.Parameters.Select(parameter => (Parameter: parameter, Use: parameter.In(set))).Where(pair => pair.Use is not null);
        var item = new XElement(s_command + "syntaxItem",
            new XElement(s_maml + "name", cmdlet.Name),
            parameters.OrderBy(pair => pair.Use!.Position ?? int.MaxValue).ThenByDescending(pair => pair.Use!.Mandatory)
                .Select(pair => Parameter(pair.Parameter, pair.Use!, page)));
        if (cmdlet.SupportsShouldProcess) item.Add(Switch("Confirm"), Switch("WhatIf"));
        return item;
    }

    private static XElement Parameter(CmdletParameter parameter, ParameterUse use, CmdletPage page)
    {
        var element = new XElement(s_command + "parameter",
            new XAttribute("required", Boolean(use.Mandatory)),
            new XAttribute("variableLength", Boolean(parameter.TypeName.EndsWith("[]", StringComparison.Ordinal))),
            new XAttribute("globbing", Boolean(parameter.Wildcards)),
            new XAttribute("pipelineInput", use.PipelineInput),
            new XAttribute("position", use.Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(s_maml + "name", parameter.Name),
            Description(page.Parameters[parameter.Name]));
        if (!parameter.IsSwitch)
            element.Add(new XElement(s_command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), parameter.TypeName));
        element.Add(new XElement(s_dev + "type", new XElement(s_maml + "name", parameter.TypeName), new XElement(s_maml + "uri")));
        return element;
    }

    private static XElement Switch(string name) => new(s_command + "parameter",
        new XAttribute("required", "false"), new XAttribute("variableLength", "false"), new XAttribute("globbing", "false"),
        new XAttribute("pipelineInput", "False"), new XAttribute("position", "named"), new XAttribute("aliases", name == "WhatIf" ? "wi" : "cf"),
        new XElement(s_maml + "name", name),
        Description(name == "WhatIf" ? "Says what would be done, to which target, and changes nothing." : "Asks before each target."),
        new XElement(s_dev + "type", new XElement(s_maml + "name", "SwitchParameter"), new XElement(s_maml + "uri")));

    private static IEnumerable<XElement> Typed(string element, string text) => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(paragraph =>
        new XElement(s_command + element, new XElement(s_dev + "type", new XElement(s_maml + "name", paragraph)), new XElement(s_maml + "description", new XElement(s_maml + "para"))));

    private static XElement Example(HelpExample example, int index) => new(s_command + "example",
        new XElement(s_maml + "title", $"------- Example {index + 1}: {example.Title} -------"),
        new XElement(s_dev + "code", example.Transcript.TrimEnd()),
        new XElement(s_dev + "remarks", Paragraphs(example.Introduction)));

    private static XElement Description(string text) => new(s_maml + "description", Paragraphs(text));

    private static IEnumerable<XElement> Paragraphs(string text) => text.Split("\n\n").Select(paragraph => new XElement(s_maml + "para", paragraph));

    private static string Boolean(bool value) => value ? "true" : "false";
}
