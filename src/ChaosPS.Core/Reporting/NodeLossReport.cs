using System.Globalization;
using System.Net;
using System.Text;
using ChaosPS.Errors;
using ChaosPS.Resilience;

namespace ChaosPS.Reporting;

/// <summary>A heat map of losses as one HTML file that needs nothing else: no script, no font, no image of anybody.</summary>
public static class NodeLossReport
{
    /// <summary>More rows and columns than people can look over, and browsers draw at once, are left out: the least bad.</summary>
    private const int MostColumns = 200;

    private const int MostRows = 500;

    private const string Style = """
        :root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
        body { margin: 2em; }
        .map { overflow: auto; max-height: 85vh; }
        table { border-collapse: collapse; }
        caption { text-align: left; padding-bottom: .5em; }
        th { font-weight: normal; text-align: left; white-space: nowrap; padding: 0 .6em; }
        thead th { position: sticky; top: 0; background: Canvas; z-index: 1; vertical-align: bottom; }
        tbody th { position: sticky; left: 0; background: Canvas; }
        thead th.loss { writing-mode: sideways-lr; padding: .6em 0; max-height: 20em; overflow: hidden; }
        td { font-family: ui-monospace, monospace; text-align: center; min-width: 1.4em; border: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); }
        td.outage { text-align: right; padding: 0 .6em; }
        .survives { background: #2e7d3240; } .downshortly { background: #f9a82580; } .down { background: #e6510099; } .downforgood { background: #b71c1c; color: #fff; }
        ul.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 1em; } ul.legend span { font-family: ui-monospace, monospace; padding: 0 .4em; }
        """;

    /// <summary>Writes it.</summary>
    /// <param name="predictions">What is shown; rows and columns stand in their order, the worst first.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="ChaosException">The file cannot be written: id <c>FileUnwritable</c>.</exception>
    public static void Save(IReadOnlyList<NodeLossPrediction> predictions, string path)
    {
        try
        {
            File.WriteAllText(path, Write(predictions));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnwritable(path, exception);
        }
    }

    /// <summary>The text of the file.</summary>
    public static string Write(IReadOnlyList<NodeLossPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var map = new NodeLossMap(predictions.OrderByDescending(NodeLossMap.LevelOf).ThenByDescending(static it => it.WorstOutage).ThenBy(static it => it.ToString(), StringComparer.Ordinal));
        var columns = map.Worst(MostColumns);
        var rows = map.Rows.ToArray();
        var title = $"What the loss of nodes would do to {string.Join(", ", predictions.Select(static it => it.Cluster.Name).Distinct())}";
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n<meta name=\"viewport\" content=\"width=device-width\" />\n<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{Text(title)}</h1>\n");
        html.Append("<ul class=\"legend\">");
        foreach (var level in Enum.GetValues<LossLevel>()) html.Append(CultureInfo.InvariantCulture, $"<li><span class=\"{Class(level)}\">{NodeLossMap.Symbol(level)}</span> {Text(NodeLossMap.Meaning(level))}</li>");
        html.Append("</ul>\n<div class=\"map\">\n<table>\n<caption>Predicted by simulation; times in seconds, best/likely/worst. Losses that are the same for all workloads are one column. ");
        html.Append(CultureInfo.InvariantCulture, $"{Shown(rows.Length, MostRows, "workloads")} {Shown(map.Columns.Count, MostColumns, "columns")} A cell's title tells more.</caption>\n<thead><tr><th scope=\"col\">Workload</th><th scope=\"col\">Worst outage</th>");
        foreach (var column in columns)
        {
            var losses = map.Columns[column];
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"loss\" title=\"{Text(string.Join(", ", losses.Take(50)))}\">{Text(losses[0].Name)}{(losses.Count > 1 ? $" and {losses.Count - 1} more" : "")}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in rows.Take(MostRows)) AppendRow(html, map, row, columns);
        return html.Append("</tbody>\n</table>\n</div>\n</body>\n</html>\n").ToString();
    }

    private static void AppendRow(StringBuilder html, NodeLossMap map, (string Kind, string Namespace, string Name) row, int[] columns)
    {
        var cells = columns.Select(column => (Column: column, It: map.Find(row, column))).ToArray();
        var worst = cells.Select(static cell => cell.It?.WorstOutage ?? TimeSpan.Zero).DefaultIfEmpty().Max();
        html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\" title=\"{Text(row.Kind)}\">{Text($"{row.Namespace}/{row.Name}")}</th><td class=\"outage\">{Errors.Text.Seconds(worst)}</td>");
        foreach (var (column, it) in cells)
        {
            var level = it is null ? LossLevel.None : NodeLossMap.LevelOf(it);
            var title = it is null ? "" : $" title=\"{Text($"{row.Namespace}/{row.Name} without {map.Columns[column][0].Name}: {Tell(it)}")}\"";
            html.Append(CultureInfo.InvariantCulture, $"<td class=\"{Class(level)}\"{title}>{NodeLossMap.Symbol(level)}</td>");
        }

        html.Append("</tr>\n");
    }

    private static string Tell(NodeLossPrediction it)
    {
        var text = $"down {it.Down} s, degraded {it.Degraded} s, {it.Lost} of {it.Ready} pods lost";
        if (it.Pending > 0) text += $", {it.Pending} pending: {it.PendingReason}";
        return it.FreedBy is { } freed ? $"{text}; freed by {freed}" : text;
    }

    private static string Shown(int all, int most, string what) =>
        all <= most ? "" : string.Create(CultureInfo.InvariantCulture, $"Of {all} {what} the {most} worst are shown.");

    private static string Class(LossLevel level) => level.ToString().ToLowerInvariant();

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
