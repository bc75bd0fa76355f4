using System.Globalization;
using Dapper;

namespace Ticketing.Reliability;

/// <summary>Reads again and again what could grow without bound, and tells how it went.</summary>
internal sealed class Meter(Platform platform)
{
    /// <summary>A run is told in this many parts, each by its highest reading.</summary>
    private const int Parts = 5;

    private readonly Dictionary<string, List<double>> readings = [];
    private readonly SnapshotReader reader = new(platform);

    /// <summary>Reads everything once.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in platform.Host.Instances)
        {
            if (resource.Pid is { } pid)
                Note($"memory of {resource.Name}, MB", await ResidentAsync(pid) / 1024);
        }
        foreach (var (queue, messages) in await reader.CountMessagesAsync(cancellationToken))
        {
            if (!queue.Contains('_', StringComparison.Ordinal))
                Note($"messages in {queue}", messages);
        }
        foreach (var service in (string[])["tickets", "orders", "payments"])
        {
            await using var database = await platform.Database(service).OpenConnectionAsync(cancellationToken);
            Note($"outbox of {service}", await database.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox"));
            Note($"connections of {service}", await database.ExecuteScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = @service", new { service }));
        }
        using var redis = await platform.ConnectRedisAsync();
        Note("clocks in redis", await redis.GetDatabase().SortedSetLengthAsync("{expiration}:due"));
    }

    /// <summary>Prints the highest reading of each part of the run.</summary>
    public void Print()
    {
        ConsoleTable.Print(
            ["highest in each part of the run", .. Enumerable.Range(1, Parts).Select(part => $"part {part}")],
            readings.Select(reading => reading.Value
                .Chunk((reading.Value.Count + Parts - 1) / Parts)
                .Select(part => part.Max().ToString("0", CultureInfo.InvariantCulture))
                .Prepend(reading.Key)));
    }

    private void Note(string name, double value)
    {
        if (!readings.TryGetValue(name, out var values))
            readings[name] = values = [];
        values.Add(value);
    }

    /// <summary>The memory that a process alone would give back, and its share of what it shares, in KB.</summary>
    private static async Task<double> ResidentAsync(int pid)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{pid}/smaps_rollup");
        var share = lines.First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(share.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
