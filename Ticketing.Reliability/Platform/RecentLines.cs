using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ticketing.Reliability;

/// <summary>Keeps the last lines that the AppHost and its processes wrote.</summary>
internal sealed class RecentLines(int capacity) : ILoggerProvider, IEnumerable<string>
{
    private readonly ConcurrentQueue<string> lines = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public IEnumerator<string> GetEnumerator() => lines.GetEnumerator();

    public void Dispose()
    {
        // The lines outlive the host: they say why it did not start.
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Keep(string line)
    {
        lines.Enqueue(line);
        if (lines.Count > capacity)
            lines.TryDequeue(out _);
    }

    private sealed class Logger(RecentLines owner, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Keep($"[{name}] {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}");
    }
}
