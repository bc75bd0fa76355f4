using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>A table on the console, and in the page of docs that has the marks of its name, between them.</summary>
internal sealed class Report(string name, params string[] columns)
{
    private readonly List<string[]> rows = [];
    private readonly List<string> notes = [];

    /// <exception cref="ArgumentException">It has not one cell for each column.</exception>
    public void Add(params string[] row)
    {
        if (row.Length != columns.Length)
            throw new ArgumentException($"{row.Length} cells for the {columns.Length} columns of {name}.", nameof(row));
        rows.Add(row);
        Console.WriteLine(string.Join("  ", row));
    }

    public void Note(string note) => notes.Add(note);

    /// <summary>With one decimal below 10, unless it is a whole number.</summary>
    public static string Number(double value) =>
        value.ToString(value < 10 && !double.IsInteger(value) ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>With two decimals, where the first would hide the difference.</summary>
    public static string Hundredths(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>What this part of the values is below; no number if there are none.</summary>
    public static double Percentile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Shows it, and writes it down where there is a place for it.</summary>
    public void Publish([CallerFilePath] string source = "")
    {
        ConsoleTable.Print(columns, rows);
        foreach (var note in notes)
            Console.WriteLine(note);

        var root = Path.GetDirectoryName(source)!;
        while (!File.Exists(Path.Combine(root, "Ticketing.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The repository is not where this was built.");
        var file = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md").FirstOrDefault(file => File.ReadAllText(file).Contains(Begin(name), StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"No page of docs has a place for {name}.");
        File.WriteAllText(file, Fill(File.ReadAllText(file), name, Table()));
    }

    /// <summary>The page with this text between the marks of that name, in place of what was there.</summary>
    /// <exception cref="InvalidOperationException">The page has no such marks.</exception>
    internal static string Fill(string page, string name, string text)
    {
        var from = page.IndexOf(Begin(name), StringComparison.Ordinal);
        var to = from < 0 ? -1 : page.IndexOf($"<!-- /{name} -->", from, StringComparison.Ordinal);
        return to > 0
            ? $"{page[..(from + Begin(name).Length)]}\n{text}\n{page[to..]}"
            : throw new InvalidOperationException($"The place for {name} does not begin or does not end.");
    }

    /// <summary>All of it in Markdown.</summary>
    internal string Table()
    {
        var text = new StringBuilder().AppendLine();
        text.AppendLine(Row(columns)).AppendLine(Row(columns.Select((_, index) => index == 0 ? "---" : "---:")));
        foreach (var row in rows)
            text.AppendLine(Row(row));
        foreach (var note in notes)
            text.AppendLine().AppendLine(note);
        return text.ToString();

        static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
    }

    private static string Begin(string name) => $"<!-- {name} -->";
}
