using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Ticketing.ApiDefaults;
using Ticketing.Auth.Users;

namespace Ticketing.Auth.RateLimits;

/// <summary>Answers 429 to whoever tries to sign in or up too often, before it waits for its turn to hash a password.</summary>
internal sealed class AttemptLimits(AttemptCounter counter, IOptions<RateLimitOptions> options) : IEndpointFilter
{
    private readonly RateLimitOptions limits = options.Value;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var wait = context.Arguments[0] switch
        {
            SignUpRequest => await counter.CountAsync($"signup:address:{Client(http)}", limits.SignUpsPerAddress),
            SignInRequest request => await CountSignInAsync(http, request),
            _ => null,
        };
        return wait is { } time ? Problems.TooManyRequests(http, time, "Too many attempts.") : await next(context);
    }

    /// <summary>The client's address is judged first, so that one that is stopped uses up nobody's e-mail address.</summary>
    private async Task<TimeSpan?> CountSignInAsync(HttpContext http, SignInRequest request) =>
        await counter.CountAsync($"signin:address:{Client(http)}", limits.SignInsPerAddress)
        ?? (EmailAddress.TryParse(request.Email, out var email)
            ? await counter.CountAsync($"signin:email:{Digest(email)}", limits.SignInsPerEmail)
            : null);

    /// <summary>
    /// Who the client is: the address that Web saw, since forwarded headers were read before (and count only from our own
    /// proxy). Of IPv6 the first half, since that much belongs to one customer, who can use any of the rest.
    /// </summary>
    internal static string Client(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexStringLower(address.GetAddressBytes(), 0, 8)
            : address.ToString();
    }

    // Redis need not know who signs in.
    private static string Digest(string email) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EmailAddress.Key(email))));
}
