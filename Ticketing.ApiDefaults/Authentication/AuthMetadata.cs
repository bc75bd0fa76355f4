using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Ticketing.ServiceDefaults;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Auth's discovery document and keys, fetched for the library's <see cref="ConfigurationManager{T}"/>: again when they are
/// 5 minutes old, also without requests (a key is published an hour before it signs, so that every service knows it by
/// then), and for a key that is not known, at most once in 10 s. A fetch that fails gives what is there already.
/// </summary>
internal sealed partial class AuthMetadata(IHttpClientFactory clients, TimeProvider time, ILogger<AuthMetadata> logger)
    : BackgroundService, IConfigurationRetriever<OpenIdConnectConfiguration>, IDocumentRetriever
{
    public const string Client = "auth";

    /// <summary>How soon a first fetch that failed is tried again. Requests with a session wait for it.</summary>
    public static readonly TimeSpan FirstFetchPause = TimeSpan.FromSeconds(1);

    private static readonly Uri Address = new("http://auth/.well-known/openid-configuration");

    private volatile OpenIdConnectConfiguration? known;
    private (long At, Exception Failure)? failed;

    public ConfigurationManager<OpenIdConnectConfiguration> Manager => field ??= new(Address.ToString(), this, this)
    {
        AutomaticRefreshInterval = TimeSpan.FromMinutes(5),
        RefreshInterval = TimeSpan.FromSeconds(10),
        // A withdrawn key is forgotten.
        UseLastKnownGoodConfiguration = false,
    };

    // Called once at a time.
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        if (known is null && failed is { } last && time.GetElapsedTime(last.At) < FirstFetchPause)
            throw new HttpRequestException("Auth did not answer a moment ago.", last.Failure);
        try
        {
            var fetched = await OpenIdConnectConfigurationRetriever.GetAsync(address, retriever, cancel);
            return known = fetched.SigningKeys.Count > 0 ? fetched : throw new InvalidDataException("Auth's answer holds no usable key.");
        }
        catch (Exception failure)
        {
            LogNotFetched(known?.SigningKeys.Count ?? 0, failure);
            failed = (time.GetTimestamp(), failure);
            if (known is null)
                throw;
            return known;
        }
    }

    // Of an address only the path is used: it is the public site's, which services may not reach.
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        using var client = clients.CreateClient(Client);
        client.Timeout = TimeLimits.Keys;
        client.MaxResponseContentBufferSize = 64 * 1024;
        return await client.GetStringAsync(new Uri(Address, new Uri(address).AbsolutePath), cancel);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, time, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (known is not null)
                await Manager.GetConfigurationAsync(stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "Auth's keys could not be fetched; {Count} known keys stay in use (its address: services__auth__http__0).")]
    private partial void LogNotFetched(int count, Exception failure);
}
