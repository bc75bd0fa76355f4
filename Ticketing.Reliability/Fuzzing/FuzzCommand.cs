using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>
/// <c>fuzz --site http://localhost:8080 --requests 20000 --seed 1 [--lanes 4] [--max-seconds 2] [--only N]</c>: hostile requests at
/// every route of a running platform, which must have its rate limits off.
/// </summary>
internal static class FuzzCommand
{
    public const string Help = "sends hostile requests to every route: --site URL --requests N --seed N --lanes N --max-seconds N --only N";

    private const int Shown = 10;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var site = new Uri(options.Text("site", "http://localhost:8080"));
        var (requests, lanes, seed) = (options.Number("requests", 20_000), options.Number("lanes", 4), options.Number("seed", 1));
        using var http = new HttpClient { BaseAddress = site };
        var document = (await http.GetFromJsonAsync<JsonObject>("/openapi/v1.json", cancellationToken))!;
        var fuzzer = new Fuzzer(site, ApiDocument.Read(document), seed, options.Number("max-seconds", 2));

        // One request of a run again, with the ids of the things of today.
        var numbers = options.Find("only") is null ? Enumerable.Range(0, requests) : [options.Number("only", 0)];
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = ShowProgressAsync(fuzzer, requests, done.Token);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async number =>
        {
            var users = new Users(site);
            using var lane = new Lane(site, users.SignInAsync);
            await fuzzer.RunAsync(lane, numbers.Where(n => n % lanes == number), cancellationToken);
        }));
        await done.CancelAsync();
        await progress;
        Print(fuzzer, site, seed);
        return fuzzer.Findings.Count == 0 ? 0 : 1;
    }

    private static void Print(Fuzzer fuzzer, Uri site, int seed)
    {
        Console.WriteLine($"{"route",-42} {"sent",7} {"accepted",9} {"refused",8} {"faults",7} {"slowest",9}");
        foreach (var (route, tally) in fuzzer.Tallies)
            Console.WriteLine($"{route,-42} {tally.Sent,7} {tally.Accepted,9} {tally.Refused,8} {tally.Faults,7} {tally.Slowest.TotalMilliseconds,6:0} ms");
        Console.WriteLine($"{fuzzer.Sent} requests with seed {seed}: {fuzzer.Findings.Count} faults.");
        foreach (var finding in fuzzer.Findings.OrderBy(finding => finding.Number).Take(Shown))
        {
            Console.WriteLine();
            Console.WriteLine($"Request {finding.Number} ({finding.Route}; {string.Join(", ", finding.Request.Mutations)}) {finding.What}");
            Console.WriteLine(finding.Request.ToCommand(site));
            Console.WriteLine($"{finding.Answer.Status} {finding.Answer.Text[..Math.Min(1000, finding.Answer.Text.Length)]}");
        }
    }

    private static async Task ShowProgressAsync(Fuzzer fuzzer, int requests, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ProgressInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Console.WriteLine($"{fuzzer.Sent} of {requests} sent, {fuzzer.Findings.Count} faults");
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>Signs users up once and renews their sessions later.</summary>
    private sealed class Users(Uri site)
    {
        private readonly Dictionary<string, CookieContainer> jars = [];

        public async Task<string> SignInAsync(string name, CancellationToken cancellationToken)
        {
            var known = jars.TryGetValue(name, out var jar);
            jar = jars[name] = jar ?? new CookieContainer();
            using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = jar }) { BaseAddress = site };
            using var answer = await http.PostAsJsonAsync(
                known ? "/api/users/refresh" : "/api/users/signup",
                new { email = string.Create(CultureInfo.InvariantCulture, $"{name}-{Guid.NewGuid():N}@example.test"), password = "correct horse" },
                cancellationToken);
            answer.EnsureSuccessStatusCode();
            return jar.GetCookies(site)["session"]!.Value;
        }
    }
}
