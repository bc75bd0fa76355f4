using Spectre.Console;

namespace Ticketing.Reliability;

/// <summary>A table on the console, in Markdown: what a run prints can be put into a page of docs.</summary>
internal static class ConsoleTable
{
    /// <summary>Wide enough for every table: a file has no edge at which lines must end.</summary>
    private const int FileWidth = 500;

    /// <param name="columns">The first is text, the others are numbers.</param>
    /// <param name="rows">A cell for each column.</param>
    public static void Print(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = FileWidth;
        var table = new Table().MarkdownBorder();
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)) { Alignment = table.Columns.Count == 0 ? Justify.Left : Justify.Right });
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        AnsiConsole.Write(table);
    }
}
