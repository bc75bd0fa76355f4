using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>The console's lines as a file.</summary>
internal static class ConsoleApi
{
    public static void MapConsole(this IEndpointRouteBuilder app, ConsoleHistory history) =>
        app.MapGet("/api/console/download", (string? resource) =>
        {
            var text = new StringBuilder();
            foreach (var line in history.After(0, resource))
                text.Append($"{line.Time:yyyy-MM-ddTHH:mm:ss.fffZ} [{line.Resource}] {line.Text}\n");
            return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/plain; charset=utf-8", $"{resource ?? "all"}.log");
        });
}
