namespace Ticketing.ServiceDefaults;

/// <summary>
/// Sends each request to one of a service's replicas in turn. When a replica cannot be connected to, nothing was sent
/// yet, so the next one is tried; once a request was sent, it is never sent again.
/// </summary>
internal sealed class ReplicaHandler(IReadOnlyList<Uri> endpoints) : DelegatingHandler
{
    private int turn = -1;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var first = (uint)Interlocked.Increment(ref turn);
        for (var attempt = 0; ; attempt++)
        {
            var endpoint = endpoints[(int)((first + (uint)attempt) % (uint)endpoints.Count)];
            request.RequestUri = new UriBuilder(request.RequestUri!)
            {
                Scheme = endpoint.Scheme,
                Host = endpoint.Host,
                Port = endpoint.Port,
            }.Uri;
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException exception) when (
                exception.HttpRequestError == HttpRequestError.ConnectionError && attempt + 1 < endpoints.Count)
            {
                // The next replica may be there.
            }
        }
    }
}
