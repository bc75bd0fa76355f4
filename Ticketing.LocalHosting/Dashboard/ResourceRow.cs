using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard;

/// <summary>A process of the application as <c>GET /api/resources</c> shows it.</summary>
internal sealed record ResourceRow(
    string Name, string Type, string State, string? Health, int? Pid, IReadOnlyList<string> Endpoints, int Restarts)
{
    public static ResourceRow Of(ResourceInstance instance) => new(
        instance.Name,
        instance.Type,
        instance.State.ToString(),
        instance.Health?.ToString(),
        instance.ProcessId,
        instance.Endpoints,
        instance.Restarts);
}
