using System.Globalization;
using System.Text;

namespace ChaosPS.Providers.Tests.Manifests;

/// <summary>A manifest as people write them: every part of its layout is drawn.</summary>
/// <param name="Bits">What is drawn from.</param>
internal sealed record ManifestShape(ulong Bits)
{
    private int _used;

    /// <summary>The text, with a Deployment "search" and perhaps other things.</summary>
    public string Text()
    {
        _used = 0;
        var step = Pick(2, 2, 4);
        var dash = Pick(0, 0, 2, 4);
        var behind = Pick("- ", "- ", "-   ");
        var flowLabels = Flag();
        var comments = Flag();
        var withReplicas = Flag();
        var withAffinity = Pick(0, 1, 2, 3, 4);
        var withTolerations = Pick(0, 0, 1, 2);
        var quote = Pick("", "'", "\"");
        var text = new StringBuilder();
        var i1 = new string(' ', step);
        var i2 = i1 + i1;
        var i3 = i2 + i1;
        var list = new string(' ', dash);
        var inner = new string(' ', behind.Length);
        if (Flag()) text.Append("# Søk – the search service 🔍\n");
        if (Flag()) text.Append("---\n");
        if (Flag()) text.Append("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: search\ndata:\n  path: 'C:\\Temp\\x'\n  script: |+\n    echo \"a: b\"\n    # no comment\n\n\n---\n");
        text.Append(CultureInfo.InvariantCulture, $"apiVersion: apps/v1{Comment(" # tab\there")}\nkind: {quote}Deployment{quote}\nmetadata:\n{i1}name: {quote}search{quote}\n");
        if (Flag()) text.Append(CultureInfo.InvariantCulture, $"{i1}annotations:\n{i2}note: >-\n{i3}folded\n{i3}text\n\n{i2}win: \"C:\\\\dir\"\n");
        text.Append("spec:");
        text.Append(Comment("   # the spec")).Append('\n');
        if (comments) text.Append(CultureInfo.InvariantCulture, $"{i1}# how many\n");
        if (withReplicas) text.Append(CultureInfo.InvariantCulture, $"{i1}replicas: {Pick("1", "1 # one", "0x1", "&count 1")}\n");
        text.Append(flowLabels ? $"{i1}selector: {{matchLabels: {{app: search}}}}\n" : $"{i1}selector:\n{i2}matchLabels:\n{i3}app: search\n");
        if (Flag()) text.Append('\n');
        text.Append(Pick("", $"{i1}strategy: {{type: RollingUpdate, rollingUpdate: {{maxSurge: 1, maxUnavailable: 25%}}}}\n", $"{i1}strategy: {{ type: RollingUpdate }}\n", $"{i1}strategy:\n{i2}type: RollingUpdate\n"));
        text.Append(CultureInfo.InvariantCulture, $"{i1}template:\n{i2}metadata:\n{i3}labels: &labels{(flowLabels ? " {app: search}\n" : $"\n{i3}{i1}app: search\n")}");
        if (Flag()) text.Append(CultureInfo.InvariantCulture, $"{i3}annotations: {{copy: \"x\"}}\n");
        text.Append(CultureInfo.InvariantCulture, $"{i2}spec:\n");
        if (comments) text.Append(CultureInfo.InvariantCulture, $"{i3}# what runs\n");
        var pod = i3;
        switch (withAffinity)
        {
            case 1:
                text.Append(CultureInfo.InvariantCulture, $"{pod}affinity: {{}}{Comment(" # none yet")}\n");
                break;
            case 2:
                text.Append(CultureInfo.InvariantCulture, $"{pod}affinity:\n");
                break;
            case 3:
                text.Append(CultureInfo.InvariantCulture, $"{pod}affinity:\n{pod}{i1}podAntiAffinity: # apart\n{pod}{i2}requiredDuringSchedulingIgnoredDuringExecution:\n{pod}{i2}{list}{behind}topologyKey: zone\n{pod}{i2}{list}{inner}labelSelector: {{matchLabels: {{app: search}}}}\n");
                break;
            case 4:
                text.Append(CultureInfo.InvariantCulture, $"{pod}affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{topologyKey: zone, labelSelector: {{matchLabels: {{app: search}}}}}}]}}}}\n");
                break;
        }

        if (withTolerations == 1) text.Append(CultureInfo.InvariantCulture, $"{pod}tolerations:\n{pod}{list}{behind}key: node.kubernetes.io/unreachable # gone\n{pod}{list}{inner}operator: Exists\n{pod}{list}{inner}effect: NoExecute\n{pod}{list}{inner}tolerationSeconds: 120\n");
        if (withTolerations == 2) text.Append(CultureInfo.InvariantCulture, $"{pod}tolerations: [{{key: x, operator: Exists}}]\n");
        text.Append(CultureInfo.InvariantCulture, $"{pod}containers:\n{pod}{list}{behind}name: search\n{pod}{list}{inner}image: {quote}demo/search:2.0{quote}\n{pod}{list}{inner}args: [\"--path\", 'C:\\x', plain]\n");
        if (Flag()) text.Append(CultureInfo.InvariantCulture, $"{pod}{list}{inner}command:\n{pod}{list}{inner}{list}{behind}|\n{pod}{list}{inner}{list}{inner}  run\n");
        if (Flag()) text.Append("# the end\n");
        if (Flag()) text.Append("---\napiVersion: v1\nkind: Service\nmetadata: {name: search}\nspec:\n  selector: {app: search}\n  ports: [{port: 80}]\n");
        var result = text.ToString();

        // The last line of a block text has its line break in the text: what is put behind it would change it, and is refused.
        if (Flag() && !result.EndsWith("  run\n", StringComparison.Ordinal)) result = result.TrimEnd('\n');
        return Flag() ? result.Replace("\n", "\r\n", StringComparison.Ordinal) : result;

        string Comment(string comment) => comments ? comment : "";
    }

    /// <summary>Whether the file begins with a byte order mark.</summary>
    public bool IsMarked => (Bits >> 61 & 1) == 1;

    private bool Flag() => Pick(false, true);

    private T Pick<T>(params T[] options)
    {
        var mixed = (Bits + (0x9E3779B97F4A7C15UL * (ulong)++_used)) * 0xBF58476D1CE4E5B9UL;
        return options[(int)((mixed ^ (mixed >> 29)) % (ulong)options.Length)];
    }
}
