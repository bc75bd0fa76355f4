using System.Diagnostics;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Sends each request to one of a service's replicas in turn. When a replica cannot be connected to, nothing was sent
/// yet, so the next one is tried. Once a request was sent it is never sent again, but for one that only reads or that its
/// service does once however often it comes: that goes to another replica once. A replica that is away or about to go is
/// asked last for a while.
/// </summary>
internal sealed class ReplicaHandler(IReadOnlyList<Uri> endpoints) : DelegatingHandler
{
    /// <summary>A replica that is away is back within seconds; trying it costs little.</summary>
    private static readonly long Away = Stopwatch.Frequency;

    /// <summary>Longer than it goes on listening.</summary>
    private static readonly long Leaving = 3 * Stopwatch.Frequency;

    private readonly long[] avoidUntil = new long[endpoints.Count];
    private int turn = -1;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var first = (uint)Interlocked.Increment(ref turn);
        var tried = new bool[endpoints.Count];
        var mayRepeat = request.IsRepeatable();
        for (var left = endpoints.Count - 1; ; left--)
        {
            var replica = Choose(first, tried);
            tried[replica] = true;
            request.RequestUri = At(endpoints[replica], request.RequestUri!);
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                // A service that stops says so with its answers; an error may close a connection for other reasons.
                if (response.IsSuccessStatusCode && response.Headers.ConnectionClose is true)
                    Avoid(replica, Leaving);
                return response;
            }
            catch (HttpRequestException exception) when (left > 0 && exception.HttpRequestError == HttpRequestError.ConnectionError)
            {
                Avoid(replica, Away);
            }
            catch (HttpRequestException) when (left > 0 && mayRepeat)
            {
                mayRepeat = false;
                Avoid(replica, Away);
            }
        }
    }

    /// <summary>The next in turn that was not tried; those to be avoided only when there is no other.</summary>
    private int Choose(uint first, bool[] tried)
    {
        var now = Stopwatch.GetTimestamp();
        int? avoided = null;
        for (var step = 0u; step < endpoints.Count; step++)
        {
            var replica = (int)((first + step) % (uint)endpoints.Count);
            if (tried[replica])
                continue;
            if (Volatile.Read(ref avoidUntil[replica]) <= now)
                return replica;
            avoided ??= replica;
        }
        return avoided ?? throw new UnreachableException();
    }

    private void Avoid(int replica, long ticks) => Volatile.Write(ref avoidUntil[replica], Stopwatch.GetTimestamp() + ticks);

    private static Uri At(Uri endpoint, Uri target) =>
        new UriBuilder(target) { Scheme = endpoint.Scheme, Host = endpoint.Host, Port = endpoint.Port }.Uri;
}
