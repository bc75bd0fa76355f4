using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>The pages: one document, which shows what its address says, and the files beside it.</summary>
internal static class AssetsApi
{
    private static readonly Assembly Here = typeof(AssetsApi).Assembly;
    private static readonly EntityTagHeaderValue Tag = new($"\"{Here.ManifestModule.ModuleVersionId:N}\"");

    public static void MapAssets(this IEndpointRouteBuilder app)
    {
        foreach (var page in (string[])["/", "/console", "/logs", "/traces", "/traces/{id}", "/metrics"])
            app.MapGet(page, () => Results.Stream(Open("index.html")!, "text/html; charset=utf-8"));
        app.MapGet("/assets/{name}", (string name, HttpContext context) =>
        {
            if (Open(name) is not { } file)
                return Results.NotFound();
            context.Response.Headers.CacheControl = "no-cache";
            return Results.Stream(file, TypeOf(name), entityTag: Tag);
        });
    }

    private static Stream? Open(string name) => Here.GetManifestResourceStream($"dashboard/{name}");

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".js" => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
}
