namespace Ticketing.LocalHosting.Engine;

/// <summary>
/// The one place where output of all processes meets: every line begins with the name of the resource that wrote it.
/// </summary>
internal sealed class ConsoleLog(TextWriter output)
{
    private readonly Lock writing = new();
    private TextWriter output = output;

    /// <summary>The last lines, for who comes later.</summary>
    public ConsoleHistory History { get; } = new();

    /// <summary>A line of the engine's own.</summary>
    public void Say(string line) => Write("apphost", line);

    public void Write(string name, string line)
    {
        History.Add(name, line);
        lock (writing)
        {
            try
            {
                output.WriteLine($"[{name}] {line}");
            }
            catch (IOException)
            {
                // Nobody reads any more (run.sh | head); the processes must not wait for a reader.
                output = TextWriter.Null;
            }
        }
    }
}
