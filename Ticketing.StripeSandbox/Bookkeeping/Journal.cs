using System.Text;
using System.Text.Json;

namespace Ticketing.StripeSandbox.Bookkeeping;

/// <summary>One committed change.</summary>
internal sealed record JournalLine(IReadOnlyList<Entry> Put, IReadOnlyList<string> Removed);

/// <summary>
/// The books on disk: a file with one JSON line per change, handed to the operating system before the change is seen,
/// so that it outlives the process (not a power failure). Rewritten at start and when most of it is history.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const long RewriteAbove = 64 * 1024 * 1024;
    private readonly string directory;
    private FileStream file;
    private long rewrittenLength;

    private Journal(string directory, FileStream file)
    {
        this.directory = directory;
        this.file = file;
        rewrittenLength = file.Length;
    }

    /// <summary>Whether a rewrite would make it much shorter.</summary>
    public bool Bloated => file.Length > RewriteAbove && file.Length > 2 * rewrittenLength;

    /// <summary>The changes kept in a directory, oldest first. A last line that was cut off in the middle never happened.</summary>
    public static IEnumerable<JournalLine> Read(string directory)
    {
        if (!File.Exists(PathIn(directory)))
            yield break;
        using var reader = new StreamReader(PathIn(directory));
        while (reader.ReadLine() is { } text)
        {
            if (Parse(text, last: reader.EndOfStream) is { } line)
                yield return line;
        }
    }

    /// <summary>Opens the journal of a directory, beginning with what is known.</summary>
    public static Journal Start(string directory, IReadOnlyList<Entry> entries)
    {
        Directory.CreateDirectory(directory);
        return new Journal(directory, Fresh(directory, entries));
    }

    public void Append(JournalLine line) => WriteLine(file, line);

    public void Rewrite(IReadOnlyList<Entry> entries)
    {
        file.Dispose();
        file = Fresh(directory, entries);
        rewrittenLength = file.Length;
    }

    public void Dispose() => file.Dispose();

    private static FileStream Fresh(string directory, IReadOnlyList<Entry> entries)
    {
        var unfinished = PathIn(directory) + ".new";
        var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read);
        foreach (var entry in entries)
            WriteLine(file, new JournalLine([entry], []));
        file.Flush(flushToDisk: true);
        File.Move(unfinished, PathIn(directory), overwrite: true);
        return file;
    }

    private static void WriteLine(FileStream file, JournalLine line)
    {
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line) + "\n"));
        file.Flush();
    }

    private static JournalLine? Parse(string text, bool last)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text);
        }
        catch (JsonException) when (last)
        {
            return null;
        }
    }

    private static string PathIn(string directory) => Path.Combine(directory, "books.jsonl");
}
