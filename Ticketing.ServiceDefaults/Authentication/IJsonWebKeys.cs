namespace Ticketing.ServiceDefaults;

/// <summary>Where the keys come from that verify tokens: over HTTP in most services, the database in Auth itself.</summary>
public interface IJsonWebKeys
{
    /// <summary>The key of that name, or null if Auth publishes none.</summary>
    /// <param name="kid">The key's name, as the token gives it: not to be trusted.</param>
    /// <param name="cancellationToken">Ends the wait, not a fetch that others wait for too.</param>
    /// <exception cref="JsonWebKeysUnavailableException">No keys could be had so far: no token can be judged.</exception>
    ValueTask<VerificationKey?> FindAsync(string kid, CancellationToken cancellationToken);
}

/// <summary>The keys could never be fetched, so that no token can be judged. It is our failure, not the caller's.</summary>
public sealed class JsonWebKeysUnavailableException()
    : Exception("The keys that verify sessions cannot be fetched from Auth yet.");
