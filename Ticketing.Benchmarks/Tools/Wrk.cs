using System.Globalization;

namespace Ticketing.Benchmarks;

/// <summary>What came of a load, in the seconds that it lasted.</summary>
internal sealed record Load(long Answers, double Seconds, long Refused, long Broken, TimeSpan Half, TimeSpan Most, TimeSpan Longest)
{
    /// <summary>Answers below 400 a second.</summary>
    public double Rate => (Answers - Refused) / Seconds;
}

/// <summary>wrk, which asks again on each of its connections as soon as it is answered.</summary>
internal static class Wrk
{
    private const int Threads = 2;

    /// <summary>Users who reserve one ticket after the other, for so many seconds.</summary>
    public static async Task<Load> PlaceAsync(
        Uri service, string tokens, string listings, int connections, int seconds, CancellationToken cancellationToken)
    {
        var output = await Tool.RunAsync(
            "wrk",
            [
                "-t", $"{Threads}", "-c", $"{connections}", "-d", $"{seconds}s", "--timeout", "10s", "-s",
                Path.Combine(AppContext.BaseDirectory, "Tools", "place.lua"), new Uri(service, "/api/orders").ToString(), "--", tokens, listings,
            ],
            environment: null, cancellationToken);
        var result = output.Split('\n').First(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            .Split(' ').Skip(1).Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new(
            result[0], result[1] / 1e6, result[2], result[3], TimeSpan.FromMicroseconds(result[4]), TimeSpan.FromMicroseconds(result[5]),
            TimeSpan.FromMicroseconds(result[6]));
    }
}
