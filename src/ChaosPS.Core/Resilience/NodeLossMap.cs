using System.Globalization;
using System.Text;

namespace ChaosPS.Resilience;

/// <summary>Workloads by losses: how bad each loss is for each workload. Losses that are the same for all workloads are one column.</summary>
public sealed class NodeLossMap
{
    /// <summary>So many columns fit beside the names in a terminal of 120.</summary>
    private const int WidestStrip = 60;

    private const int NameWidth = 42;

    /// <summary>So many columns are named above the map.</summary>
    private const int MostNamed = 20;

    private static readonly TimeSpan s_short = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Kind, string Namespace, string Name), Dictionary<int, NodeLossPrediction>> _rows;
    private readonly int[] _shown;

    /// <summary>Makes it of predictions: rows and columns stand in their order.</summary>
    public NodeLossMap(IEnumerable<NodeLossPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        Dictionary<string, List<NodeLossPrediction>> losses = new(StringComparer.Ordinal);
        Dictionary<(string, string, string), int> numbers = [];
        foreach (var it in predictions)
        {
            numbers.TryAdd((it.Kind, it.Namespace, it.Name), numbers.Count);
            if (!losses.TryGetValue(it.Loss.Name, out var own)) losses.Add(it.Loss.Name, own = []);
            own.Add(it);
        }

        var columns = losses.Values
            .GroupBy(own => string.Join(' ', own.Select(it => (Row: numbers[(it.Kind, it.Namespace, it.Name)], Level: (int)LevelOf(it))).Order().Select(static it => $"{it.Row}:{it.Level}")))
            .Select(static group => group.ToArray()).ToArray();
        Columns = [.. columns.Select(static group => (IReadOnlyList<NodeLoss>)[.. group.Select(static own => own[0].Loss)])];
        _rows = numbers.ToDictionary(static pair => pair.Key, static _ => new Dictionary<int, NodeLossPrediction>());
        foreach (var (index, group) in columns.Index())
        {
            foreach (var it in group[0]) _rows[(it.Kind, it.Namespace, it.Name)][index] = it;
        }

        _shown = Worst(WidestStrip);
    }

    /// <summary>The losses of each column: those of one column are the same for all workloads.</summary>
    public IReadOnlyList<IReadOnlyList<NodeLoss>> Columns { get; }

    /// <summary>The workloads: kind, namespace and name.</summary>
    public IEnumerable<(string Kind, string Namespace, string Name)> Rows => _rows.Keys;

    /// <summary>What the symbols mean.</summary>
    public static string Legend => string.Join("   ", Enum.GetValues<LossLevel>().Select(static level => $"{Symbol(level)} {Meaning(level)}"));

    /// <summary>The sign of a level: they are told apart without colours.</summary>
    public static char Symbol(LossLevel level) => level switch
    {
        LossLevel.None => '.',
        LossLevel.Survives => '-',
        LossLevel.DownShortly => 'o',
        LossLevel.Down => '#',
        _ => 'X',
    };

    /// <summary>A level in words.</summary>
    public static string Meaning(LossLevel level) => level switch
    {
        LossLevel.None => "no pods there",
        LossLevel.Survives => "survives",
        LossLevel.DownShortly => "down < 1 min",
        LossLevel.Down => "down longer",
        _ => "down for good",
    };

    /// <summary>How bad a prediction is.</summary>
    public static LossLevel LevelOf(NodeLossPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction.Survives) return LossLevel.Survives;
        if (!prediction.Returns) return LossLevel.DownForGood;
        return prediction.WorstOutage < s_short ? LossLevel.DownShortly : LossLevel.Down;
    }

    /// <summary>The prediction for a workload and the losses of a column; null when it has no pods there.</summary>
    public NodeLossPrediction? Find((string Kind, string Namespace, string Name) row, int column) => _rows[row].GetValueOrDefault(column);

    /// <summary>The columns that are worst, in their order.</summary>
    /// <param name="most">How many at most.</param>
    public int[] Worst(int most)
    {
        if (Columns.Count <= most) return [.. Enumerable.Range(0, Columns.Count)];
        var sums = new double[Columns.Count];
        foreach (var cells in _rows.Values)
        {
            // One that is worse outweighs any number that are better.
            foreach (var (column, it) in cells) sums[column] += Math.Pow(1000, (int)LevelOf(it)) + it.WorstOutage.TotalSeconds;
        }

        return [.. Enumerable.Range(0, Columns.Count).OrderByDescending(column => sums[column]).Take(most).Order()];
    }

    /// <summary>What stands above the rows: the columns' names, the legend, a ruler.</summary>
    public string DescribeColumns()
    {
        var text = new StringBuilder();
        foreach (var (place, column) in _shown.Take(MostNamed).Index())
        {
            var losses = Columns[column];
            var more = losses.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {losses.Count - 1} more that are the same for all") : "";
            text.Append(CultureInfo.InvariantCulture, $"{place + 1,4} {Cut(losses[0].Name, 70)}{more}\n");
        }

        if (_shown.Length > MostNamed) text.Append(CultureInfo.InvariantCulture, $"     and so on: Export-NodeLossReport names all\n");
        if (_shown.Length < Columns.Count) text.Append(CultureInfo.InvariantCulture, $"     Shown are the {_shown.Length} worst of {Columns.Count} columns.\n");
        text.Append('\n').Append("     ").Append(Legend).Append("\n\n");
        var indent = new string(' ', NameWidth + 15);
        if (_shown.Length > 9) text.Append(indent).AppendJoin("", _shown.Index().Select(static it => (it.Index + 1) % 10 == 0 ? $"{(it.Index + 1) / 10}" : " ")).Append('\n');
        return text.Append("Workload".PadRight(NameWidth)).Append(' ').Append("WorstOutage".PadLeft(12)).Append("  ").AppendJoin("", _shown.Index().Select(static it => $"{(it.Index + 1) % 10}")).ToString();
    }

    /// <summary>The line of a workload.</summary>
    public (string Head, string Strip) DescribeRow(string kind, string @namespace, string name, string outage)
    {
        var cells = _rows[(kind, @namespace, name)];
        var strip = string.Concat(_shown.Select(column => Symbol(cells.TryGetValue(column, out var it) ? LevelOf(it) : LossLevel.None)));
        return ($"{Cut($"{@namespace}/{name}", NameWidth).PadRight(NameWidth)} {outage,12}  ", strip);
    }

    private static string Cut(string name, int width) => name.Length <= width ? name : $"…{name[^(width - 1)..]}";
}
