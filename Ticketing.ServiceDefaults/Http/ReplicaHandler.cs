using Microsoft.Extensions.ServiceDiscovery;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Sends a request to one of the service's replicas, which take turns, and when it is sent again, to one that it did not come
/// to yet. Service discovery's own handler counts turns alone, so that requests beside this one can bring it to the same
/// replica each time.
/// </summary>
internal sealed class ReplicaHandler(ServiceEndpointResolver resolver) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<List<string>> Tried = new("Ticketing.TriedReplicas");

    private int turn = -1;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var service = request.RequestUri!;
        var found = await resolver.GetEndpointsAsync(service.GetLeftPart(UriPartial.Authority), cancellationToken);
        request.RequestUri = new Uri(new Uri(NextFor(request, [.. found.Endpoints.Select(replica => replica.ToString()!)])), service.PathAndQuery);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = service;
        }
    }

    private string NextFor(HttpRequestMessage request, string[] replicas)
    {
        if (!request.Options.TryGetValue(Tried, out var tried))
            request.Options.Set(Tried, tried = []);
        if (replicas.All(tried.Contains))
            tried.Clear();
        var first = (uint)Interlocked.Increment(ref turn);
        var next = Enumerable.Range(0, replicas.Length).Select(step => replicas[(first + step) % replicas.Length]).First(replica => !tried.Contains(replica));
        tried.Add(next);
        return next;
    }
}
