using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Spectre.Console;

namespace Ticketing.Reliability.Fuzzing;

/// <summary><c>fuzz</c>: hostile requests at every route of a running platform, which must have its rate limits off.</summary>
internal static class FuzzCommand
{
    private const int Shown = 10;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private static readonly Option<Uri> Site = new("--site") { Description = "The platform", CustomParser = Address, DefaultValueFactory = _ => new("http://localhost:8080") };
    private static readonly Option<int> Requests = ToolCommands.Number("--requests", 20_000, "How many");
    private static readonly Option<int> Seed = ToolCommands.Number("--seed", 1, "Decides what is sent");
    private static readonly Option<int> Lanes = ToolCommands.Number("--lanes", 4, "Requests at the same time");
    private static readonly Option<int> MaxSeconds = ToolCommands.Number("--max-seconds", 2, "How long an answer may take");
    private static readonly Option<int?> Only = new("--only") { Description = "One request of a run again, by its number, with the ids of the things of today" };

    public static Command Create() => new Command("fuzz", "Sends hostile requests to every route of a platform that runs without rate limits")
    {
        Site, Requests, Seed, Lanes, MaxSeconds, Only,
    }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (site, seed, lanes) = (options.GetValue(Site)!, options.GetValue(Seed), options.GetValue(Lanes));
        int[] numbers = options.GetValue(Only) is { } only ? [only] : [.. Enumerable.Range(0, options.GetValue(Requests))];
        using var http = new HttpClient { BaseAddress = site };
        var fuzzer = new Fuzzer(site, await ApiDocument.ReadAsync(http, cancellationToken), seed, options.GetValue(MaxSeconds));
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask("Requests", maxValue: numbers.Length);
            var sending = Task.WhenAll(Enumerable.Range(0, lanes).Select(async number =>
            {
                var users = new Users(site);
                using var lane = new Lane(site, users.SignInAsync);
                await fuzzer.RunAsync(lane, numbers.Where(n => n % lanes == number), cancellationToken);
            }));
            while (await Task.WhenAny(sending, Task.Delay(ProgressInterval, CancellationToken.None)) != sending)
            {
                task.Value = fuzzer.Sent;
                task.Description = $"Requests ({fuzzer.Findings.Count} faults)";
            }
            await sending;
            task.Value = fuzzer.Sent;
        });
        Print(fuzzer, site, seed);
        return fuzzer.Findings.Count == 0 ? 0 : 1;
    }

    private static Uri? Address(ArgumentResult argument)
    {
        if (!Uri.TryCreate(argument.Tokens[0].Value, UriKind.Absolute, out var address))
            argument.AddError("--site wants an address, e.g. http://localhost:8080.");
        return address;
    }

    private static void Print(Fuzzer fuzzer, Uri site, int seed)
    {
        ConsoleTable.Print(
            ["route", "sent", "accepted", "refused", "faults", "slowest, ms"],
            fuzzer.Tallies.Select(route => new[]
            {
                route.Key, $"{route.Value.Sent}", $"{route.Value.Accepted}", $"{route.Value.Refused}", $"{route.Value.Faults}", $"{route.Value.Slowest.TotalMilliseconds:0}",
            }));
        Console.WriteLine($"{fuzzer.Sent} requests with seed {seed}: {fuzzer.Findings.Count} faults.");
        foreach (var finding in fuzzer.Findings.OrderBy(finding => finding.Number).Take(Shown))
        {
            Console.WriteLine();
            Console.WriteLine($"Request {finding.Number} ({finding.Route}; {string.Join(", ", finding.Request.Mutations)}) {finding.What}");
            Console.WriteLine(finding.Request.ToCommand(site));
            Console.WriteLine($"{finding.Answer.Status} {finding.Answer.Text[..Math.Min(1000, finding.Answer.Text.Length)]}");
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
