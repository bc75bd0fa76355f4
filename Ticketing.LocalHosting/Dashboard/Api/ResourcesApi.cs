using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>One resource: its environment, and what the developer wants of it.</summary>
internal static class ResourcesApi
{
    /// <summary>A machine that runs everything else too has no memory for more.</summary>
    private const int MostReplicas = 10;

    public static void MapResources(this IEndpointRouteBuilder app, DashboardContext context)
    {
        var runner = context.Runner;
        app.MapGet("/api/resources/{name}/environment", async (string name, CancellationToken cancellationToken) =>
            Find(runner, name) is { } instance
                ? Results.Json(await EnvironmentView.OfAsync(instance, runner.Model, cancellationToken))
                : Results.NotFound());
        MapCommand("start", instance => instance.Start());
        MapCommand("stop", instance => instance.Stop());
        MapCommand("restart", instance => instance.Restart());
        app.MapPost("/api/resources/{name}/replicas", async (string name, int count, CancellationToken cancellationToken) =>
        {
            if (Find(runner, name)?.Resource is not ProjectResource project)
                return Results.NotFound();
            if (count is < 1 or > MostReplicas)
                return Results.BadRequest(new { error = $"From 1 to {MostReplicas} replicas." });
            await runner.ScaleAsync(project, count, cancellationToken);
            return Results.NoContent();
        });

        void MapCommand(string command, Action<ResourceInstance> carryOut) =>
            app.MapPost($"/api/resources/{{name}}/{command}", (string name) =>
            {
                if (Find(runner, name) is not { } instance)
                    return Results.NotFound();
                if (!instance.IsOurs)
                    return Results.Conflict(new { error = $"{name} is run by somebody else." });
                carryOut(instance);
                return Results.Accepted();
            });
    }

    private static ResourceInstance? Find(ApplicationRunner runner, string name) =>
        runner.Instances.FirstOrDefault(instance => instance.Name == name);
}
