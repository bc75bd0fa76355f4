namespace Ticketing.Reliability.Fuzzing;

/// <summary>Something that must not be.</summary>
/// <param name="Number">Which request of the run it was.</param>
/// <param name="What">What was wrong.</param>
/// <param name="Route">The route that it was made for.</param>
/// <param name="Request">The request.</param>
/// <param name="Answer">Its answer.</param>
internal sealed record Finding(int Number, string What, string Route, RawRequest Request, RawAnswer Answer);

/// <summary>How a route fared.</summary>
internal sealed class RouteTally
{
    public int Sent { get; set; }

    public int Accepted { get; set; }

    public int Refused { get; set; }

    public int Faults { get; set; }

    public TimeSpan Slowest { get; set; }
}

/// <summary>
/// Sends requests that are valid but for what was done to them, and judges every answer. The same seed sends the same
/// requests, but for the ids of the things that they are about.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="routes">The API's routes.</param>
/// <param name="seed">Decides everything.</param>
/// <param name="maxSeconds">How long an answer may take; null for as long as it likes.</param>
internal sealed class Fuzzer(Uri site, IReadOnlyList<Route> routes, int seed, double? maxSeconds)
{
    private static readonly TimeSpan TokenAge = TimeSpan.FromMinutes(8);

    private readonly RawClient client = new(site);

    public List<Finding> Findings { get; } = [];

    public SortedDictionary<string, RouteTally> Tallies { get; } = new(StringComparer.Ordinal);

    public int Sent { get; private set; }

    /// <summary>Sends these requests of the run, one after the other, for the users of one lane.</summary>
    /// <param name="lane">The users.</param>
    /// <param name="numbers">Which requests of the run.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    public async Task RunAsync(Lane lane, IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        await lane.BeginAsync(cancellationToken);
        var renewed = System.Diagnostics.Stopwatch.StartNew();
        IReadOnlyList<string>? before = null;
        foreach (var number in numbers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (renewed.Elapsed > TokenAge)
            {
                await lane.RenewAsync(cancellationToken);
                renewed.Restart();
            }
            var random = new Random(unchecked((seed * 397) ^ (number * 7919)));
            var route = Strange.Pick(random, routes);
            var request = RequestMaker.Make(route, lane, random, out var fields);
            var signedIn = SignIn(route, request, lane, random);
            Mutator.Mutate(request, fields, random);
            before ??= await lane.LookAsync(cancellationToken);

            var answer = await client.SendAsync(request, cancellationToken);
            var fault = Judge.FindFault(route, request, answer, signedIn, maxSeconds);
            if (answer.Succeeded)
                await lane.LearnAsync(route, answer, cancellationToken);
            if (request.Method is not ("GET" or "HEAD"))
            {
                // Without an answer nobody knows whether it was done.
                var after = answer.IsRefused ? await lane.LookAsync(cancellationToken) : null;
                if (after is not null)
                    fault ??= Difference(before, after);
                before = after;
            }
            Count(number, route, request, answer, fault);
        }
    }

    /// <summary>Most requests are signed in; others have no token, or a forged one. True if the token is good.</summary>
    private static bool SignIn(Route route, RawRequest request, Lane lane, Random random)
    {
        var token = route.Path.StartsWith("/api/users", StringComparison.Ordinal) ? lane.Scapegoat : lane.Actor;
        switch (random.Next(8))
        {
            case 0:
                return false;
            case 1:
                request.Headers.Add(("Authorization", $"Bearer {ForgedToken.Of(token, random)}"));
                return false;
            case 2:
                request.Headers.Add(("Cookie", $"session={token}"));
                return true;
            default:
                request.Headers.Add(("Authorization", $"Bearer {token}"));
                return true;
        }
    }

    private static string? Difference(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        after.Except(before).FirstOrDefault() is { } added ? $"was refused and still changed something, now: {added}"
        : before.Except(after).FirstOrDefault() is { } removed ? $"was refused and still changed something, before: {removed}"
        : null;

    private void Count(int number, Route route, RawRequest request, RawAnswer answer, string? fault)
    {
        lock (Findings)
        {
            Sent++;
            if (!Tallies.TryGetValue(route.Name, out var tally))
                Tallies[route.Name] = tally = new RouteTally();
            tally.Sent++;
            tally.Accepted += answer.Succeeded ? 1 : 0;
            tally.Refused += answer.IsRefused ? 1 : 0;
            tally.Slowest = answer.Took > tally.Slowest ? answer.Took : tally.Slowest;
            if (fault is null)
                return;
            tally.Faults++;
            Findings.Add(new(number, fault, route.Name, request, answer));
        }
    }
}
