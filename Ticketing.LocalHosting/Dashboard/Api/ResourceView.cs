using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>A process of the application as the dashboard's pages show it.</summary>
/// <param name="Name">Of the process, e.g. <c>orders-2</c>.</param>
/// <param name="Resource">What it is a replica of, e.g. <c>orders</c>.</param>
/// <param name="Ours">Whether it can be started and stopped here.</param>
/// <param name="References">The resources that it refers to.</param>
internal sealed record ResourceView(
    string Name, string Resource, string Type, string State, string? Health, int? Pid, IReadOnlyList<string> Endpoints, int Restarts,
    DateTimeOffset? Started, int? ExitCode, bool Ours, IReadOnlyList<string> References)
{
    public static IReadOnlyList<ResourceView> All(ApplicationRunner runner)
    {
        var instances = runner.Instances;
        HashSet<IResource> running = [.. instances.Select(instance => instance.Resource)];
        return [.. instances.Select(instance => Of(instance, running))];
    }

    private static ResourceView Of(ResourceInstance instance, HashSet<IResource> running) => new(
        instance.Name,
        instance.Resource.Name,
        instance.Type,
        instance.State.ToString(),
        instance.Health?.ToString(),
        instance.ProcessId,
        instance.Endpoints,
        instance.Restarts,
        instance.Started,
        instance.ExitCode,
        instance.IsOurs,
        [.. ApplicationModel.ReferencesAmong(instance.Resource, running).Select(other => other.Name)]);
}
