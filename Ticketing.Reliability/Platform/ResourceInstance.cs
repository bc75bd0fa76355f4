namespace Ticketing.Reliability;

/// <summary>A process of a hosted platform, as the orchestrator knows it.</summary>
/// <param name="Name">The resource's name, the same for all of its replicas.</param>
/// <param name="Id">The orchestrator's name for this one.</param>
/// <param name="State">E.g. <c>Running</c>.</param>
/// <param name="Pid">The process, or null while none runs.</param>
/// <param name="Address">Where a service's process itself listens, past any proxy; null for servers.</param>
internal sealed record ResourceInstance(string Name, string Id, string? State, int? Pid, Uri? Address);
