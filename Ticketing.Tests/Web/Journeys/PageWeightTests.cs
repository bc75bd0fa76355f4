using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>
/// What a first visit costs, page by page. Bytes, requests and shifts of the layout are the same on any machine and are
/// held here; the time of the first paint is only written down, by <c>./test.sh -explicit only -class
/// Ticketing.Tests.Web.Journeys.PageWeightTests</c>.
/// </summary>
[Collection(typeof(JourneyCollection))]
public sealed class PageWeightTests(RunningPlatform platform)
{
    /// <summary>In bytes as transferred, without the pictures of events.</summary>
    private const long MostBytes = 150_000;

    private const int MostRequests = 12;

    /// <summary>Cumulative layout shift up to which a page counts as steady (web.dev/cls).</summary>
    private const double MostShift = 0.1;

    private const string ObserveShifts =
        "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });";

    private static readonly string[] Held = ["browse", "sign-in", "ticket", "order-paid", "selling", "sell", "account"];

    [Fact]
    public async Task Every_page_is_light_and_steady()
    {
        foreach (var visit in await MeasureAsync(view => Held.Contains(view)))
        {
            visit.Bytes.ShouldBeLessThan(MostBytes, visit.ToString());
            visit.Requests.ShouldBeLessThanOrEqualTo(MostRequests, visit.ToString());
            visit.Shift.ShouldBeLessThan(MostShift, visit.ToString());
        }
    }

    [Fact(Explicit = true)]
    public async Task Write_it_down()
    {
        var table = new StringBuilder("| page | first paint, ms | transferred, KB | of it pictures, KB | requests | layout shift |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var visit in await MeasureAsync(_ => true))
        {
            table.Append(CultureInfo.InvariantCulture,
                $"| {visit.Page} | {visit.FirstPaint:0} | {(visit.Bytes + visit.PictureBytes) / 1000.0:0.0} | {visit.PictureBytes / 1000.0:0.0} | {visit.Requests} | {visit.Shift:0.000} |\n");
        }
        await File.WriteAllTextAsync(
            Path.Combine(TestFiles.Root, "docs", "screenshots", "weights.md"), table.ToString());
    }

    private async Task<IReadOnlyList<Visit>> MeasureAsync(Func<string, bool> which)
    {
        await using var gallery = await Gallery.OpenAsync(platform);
        List<Visit> visits = [];
        foreach (var (name, who, go) in gallery.Views.Where(view => which(view.Name)))
            visits.Add(await MeasureAsync(name, who, go));
        return visits;
    }

    /// <summary>One visit with an empty cache.</summary>
    private static async Task<Visit> MeasureAsync(string name, Visitor who, Func<Task> go)
    {
        var protocol = await who.Context.NewCDPSessionAsync(who.Page);
        await protocol.SendAsync("Network.enable");
        await protocol.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await who.Page.AddInitScriptAsync(ObserveShifts);
        var (pictures, news) = (new HashSet<string>(), new HashSet<string>());
        var (bytes, pictureBytes, requests) = (0L, 0L, 0);
        protocol.Event("Network.responseReceived").OnEvent += (_, message) =>
        {
            var (url, id) = (message!.Value.GetProperty("response").GetProperty("url").GetString()!, message.Value.GetProperty("requestId").GetString()!);
            if (url.Contains("/art/", StringComparison.Ordinal))
                pictures.Add(id);
            // How often a page asks for news depends on how long it is looked at.
            if (url.Contains("/live/", StringComparison.Ordinal))
                news.Add(id);
        };
        protocol.Event("Network.loadingFinished").OnEvent += (_, message) =>
        {
            var size = (long)message!.Value.GetProperty("encodedDataLength").GetDouble();
            var id = message.Value.GetProperty("requestId").GetString()!;
            if (news.Contains(id))
                return;
            if (pictures.Contains(id))
            {
                pictureBytes += size;
                return;
            }
            bytes += size;
            requests++;
        };

        await go();
        await who.Page.WaitForLoadStateAsync(LoadState.Load);
        await who.Page.EvaluateAsync("document.fonts.ready.then(() => true)");
        var paint = await who.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
        var shift = await who.Page.EvaluateAsync<double>("window.shift");
        await protocol.DetachAsync();
        return new Visit(name, bytes, pictureBytes, requests, shift, paint);
    }

    /// <param name="Page">Which page, by its name in the gallery.</param>
    /// <param name="Bytes">Transferred, without pictures.</param>
    /// <param name="PictureBytes">Transferred for pictures.</param>
    /// <param name="Requests">Without those for pictures.</param>
    /// <param name="Shift">Cumulative layout shift.</param>
    /// <param name="FirstPaint">First contentful paint, in milliseconds after the request.</param>
    private sealed record Visit(string Page, long Bytes, long PictureBytes, int Requests, double Shift, double FirstPaint);
}
