using System.CommandLine;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>A crowd before a listing with a waiting room: how fast it gets its places, at what pace it is let through, and what buyers of other listings notice.</summary>
internal static class LineCommand
{
    private const int Clients = 128;
    private const int Connections = 512;
    private const int MostTries = 2_000;

    private const int Ordered = 201;
    private const int MustWait = 429;

    private static readonly Option<int> Buyers = ToolCommands.Number("--buyers", 20_000, "The crowd");
    private static readonly Option<int> PerMinute = ToolCommands.Number("--per-minute", 1_500, "Buyers that the room lets through in a minute");
    private static readonly Option<int> Every = ToolCommands.Number("--every", 10, "Seconds after which each asks again");
    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 30, "How long each measurement takes");
    private static readonly Option<int> Others = ToolCommands.Number("--others", 50, "Orders of other listings a second");

    public static Command Create() =>
        new Command("line", "A crowd before a listing with a waiting room") { Buyers, PerMinute, Every, Seconds, Others }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (buyers, perMinute) = (options.GetValue(Buyers), options.GetValue(PerMinute));
        var (every, seconds, others) = (options.GetValue(Every), options.GetValue(Seconds), options.GetValue(Others));
        var report = new Report("line", "what", "a second", "p50, ms", "p99, ms");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        var elsewhere = await bench.HotListingAsync(cancellationToken);
        var listing = await bench.ListOneAsync(cancellationToken, perMinute);
        await IsInForceAsync(bench, listing, cancellationToken);
        var crowd = Enumerable.Range(0, buyers).Select(_ => Requests.Order(bench.TokenFor(Guid.CreateVersion7()), listing)).ToArray();
        // So that everything is compiled, connected and prepared.
        await AskElsewhereAsync(seconds / 3);
        Add($"others, {others} a second, with nobody in line", await AskElsewhereAsync(seconds), Ordered);

        var arrived = await OpenLoad.SendAllAsync(bench.Platform.Site, Clients, buyers, number => crowd[number], cancellationToken);
        Add($"{buyers:#,0} arrive, {Clients} at a time, and get a place", arrived, MustWait);

        // They ask again in any order: those whose turn it is do not come together.
        Random.Shared.Shuffle(crowd);
        // Whoever came to the front meanwhile, and asks only now, is not measured.
        var first = await AskAgainAsync(every);
        var besides = AskElsewhereAsync(seconds);
        var waiting = await AskAgainAsync(seconds);
        Add($"each asks again every {every} s: `429`, still in line", waiting, MustWait);
        Add($"and `201`: let through, has ordered ({perMinute / 60.0:0.#} a second are wanted)", waiting, Ordered);
        Add($"others, {others} a second, beside them", await besides, Ordered);

        OpenLoad[] all = [arrived, first, waiting];
        report.Note($"At the site, with one replica. {all.Sum(load => load.Except(MustWait, Ordered))} requests of the crowd were answered with anything else.");
        report.Publish();

        void Add(string what, OpenLoad load, int status) => report.Add(
            what, Report.Number(load.Rate(status)), Report.Number(load.Percentile(status, 0.5)), Report.Number(load.Percentile(status, 0.99)));

        Task<OpenLoad> AskElsewhereAsync(int time) =>
            OpenLoad.RunAsync(bench.Platform.Site, others, time, elsewhere, cancellationToken, Connections);

        // One after the other, and all of them again.
        Task<OpenLoad> AskAgainAsync(int time) => OpenLoad.RunAsync(
            bench.Platform.Site, (double)buyers / every, time, number => crowd[number % buyers], cancellationToken, Connections);
    }

    /// <summary>Waits until the site has heard of the room. Those who come before, and the first few who may pass at once, order.</summary>
    private static async Task IsInForceAsync(Workbench bench, string listing, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var asked = await OpenLoad.SendAllAsync(bench.Platform.Site, 1, 1, _ => Requests.Order(bench.TokenFor(Guid.CreateVersion7()), listing), cancellationToken);
            if (asked.Count(MustWait) > 0)
                return;
        }
        throw new InvalidOperationException($"After {MostTries} orders nobody had to wait: the room lets through as many as come one after the other.");
    }
}
