using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>
/// One stream of server-sent events for each open page: the resources whenever one changes, the lines of the console that it
/// shows, and that there is new telemetry, which the page then asks for with its own filters.
/// </summary>
internal static class LiveApi
{
    private const int LinesAtOnce = 2000;

    // Bursts become one event; what happened is seen well within 2 s.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan TelemetryPause = TimeSpan.FromSeconds(1);
    // Tells both ends that the other is still there.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static void MapLive(this IEndpointRouteBuilder app, DashboardContext context)
    {
        var stopping = app.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.MapGet("/api/live", (HttpContext http, bool? console, string? resource, long? after) =>
        {
            var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            http.Response.RegisterForDispose(ended);
            // After a lost connection the browser says which line it saw last.
            var last = long.TryParse(http.Request.Headers["Last-Event-ID"], out var seen) ? seen : after ?? 0;
            return TypedResults.ServerSentEvents(
                EventsAsync(context, console == true ? new(context.Console, resource, last) : null, ended.Token));
        });
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        DashboardContext context, ConsoleReader? console, [EnumeratorCancellation] CancellationToken ended)
    {
        var resources = "";
        var telemetry = -1L;
        var telemetrySent = 0L;
        while (!ended.IsCancellationRequested)
        {
            List<Task> changes = [context.Runner.Changes.Next, context.Telemetry.Changes.Next];
            if (console is not null)
                changes.Add(console.Next);

            var now = Json(ResourceView.All(context.Runner));
            if (now != resources)
                yield return new(resources = now, "resources");
            if (telemetry != context.Telemetry.Version && TimeProvider.System.GetElapsedTime(telemetrySent) > TelemetryPause)
            {
                telemetry = context.Telemetry.Version;
                telemetrySent = TimeProvider.System.GetTimestamp();
                yield return new(Json(new { version = telemetry }), "telemetry");
            }

            while (console?.Read(LinesAtOnce) is { Count: > 0 } lines)
                yield return new(Json(lines), "console") { EventId = $"{lines[^1].Id}" };

            var pending = telemetry != context.Telemetry.Version ? TelemetryPause : Silence;
            var changed = await Task.WhenAny([.. changes, Task.Delay(pending, ended)]);
            if (changed.IsCanceled)
                yield break;
            if (!changes.Contains(changed) && pending == Silence)
                yield return new("{}", "alive");
            await Task.WhenAny(Task.Delay(Pause, ended));
        }
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);

    private sealed class ConsoleReader(Engine.ConsoleHistory history, string? resource, long last)
    {
        public Task Next => history.Changes.Next;

        public IReadOnlyList<Engine.ConsoleLine> Read(int atMost)
        {
            var lines = history.After(last, resource, atMost);
            if (lines.Count > 0)
                last = lines[^1].Id;
            return lines;
        }
    }
}
