using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ticketing.Benchmarks;

/// <summary>A table on the console, and in docs/performance.md between the marks of its name.</summary>
internal sealed class Report(string name, params string[] columns)
{
    private readonly List<string[]> rows = [];
    private readonly List<string> notes = [];

    public void Add(params string[] row)
    {
        rows.Add(row);
        Console.WriteLine(string.Join("  ", row));
    }

    public void Note(string note) => notes.Add(note);

    public static string Number(double value) => value.ToString(value < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Shows it, and writes it down where docs/performance.md has a place for it.</summary>
    public void Publish([CallerFilePath] string source = "")
    {
        var text = new StringBuilder().AppendLine();
        text.AppendLine(Row(columns)).AppendLine(Row(columns.Select((_, index) => index == 0 ? "---" : "---:")));
        foreach (var row in rows)
            text.AppendLine(Row(row));
        foreach (var note in notes)
            text.AppendLine().AppendLine(note);
        Console.WriteLine(text);

        var root = Path.GetDirectoryName(source)!;
        while (!File.Exists(Path.Combine(root, "Ticketing.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The repository is not where this was built.");
        var file = Path.Combine(root, "docs", "performance.md");
        var page = File.ReadAllText(file);
        var (begin, end) = ($"<!-- {name} -->", $"<!-- /{name} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        if (from < begin.Length || to < from)
            throw new InvalidOperationException($"docs/performance.md has no place for {name}.");
        File.WriteAllText(file, $"{page[..from]}\n{text}\n{page[to..]}");

        static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
    }
}
