namespace Ticketing.LocalHosting.Publishing.Compose;

/// <summary>
/// A network for each pair of containers of which one is given the other's address; so nobody else can reach either. Only the
/// networks of those that are reached from outside, or that reach what others run, lead out.
/// </summary>
internal sealed class ComposeNetworks
{
    /// <summary>Sixteen addresses each, since Docker's own pools have room for about thirty networks only.</summary>
    private const int Size = 16;

    private readonly Dictionary<string, List<string>> networksOf = [];

    public ComposeNetworks(IEnumerable<Workload> workloads)
    {
        foreach (var workload in workloads)
        {
            foreach (var other in workload.Reaches)
                Add($"{workload.Name}--{other.Name}", leadsOut: false, workload.Name, other.Name);
            if (workload.External is not null || workload.Outside.Count > 0)
                Add($"{workload.Name}--outside", leadsOut: true, workload.Name);
        }
    }

    /// <summary>All networks, as Compose wants them described.</summary>
    public Map All { get; } = [];

    /// <summary>The names of a container's networks; Compose takes none for the default network of all.</summary>
    public IReadOnlyList<string> Of(Workload workload) => networksOf.GetValueOrDefault(workload.Name) ?? [];

    private void Add(string name, bool leadsOut, params string[] members)
    {
        foreach (var member in members)
        {
            if (!networksOf.TryGetValue(member, out var networks))
                networksOf.Add(member, networks = []);
            networks.Add(name);
        }
        var first = All.Count * Size;
        var description = new Map();
        if (!leadsOut)
            description.Add("internal", true);
        description.Add("ipam", new Map
        {
            ["config"] = new[] { new Map { ["subnet"] = $"${{NETWORK:-10.213}}.{first / 256}.{first % 256}/28" } },
        });
        All.Add(name, description);
    }
}
