using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.ApiDefaults;

/// <summary>No keys could be fetched from Auth so far, so that no token can be judged. It is our failure, not the caller's.</summary>
/// <param name="inner">Why not.</param>
public sealed class JsonWebKeysUnavailableException(Exception inner)
    : Exception("The keys that verify sessions cannot be fetched from Auth yet.", inner);

/// <summary>
/// What <see cref="JwtBearerHandler"/> leaves to us: where the token is found, what it must say, the contract's answers. It
/// also remembers verified tokens, since a signature costs more than the rest of a small request. Such a token counts
/// until it expires, and as long as the key that signed it is published.
/// </summary>
internal sealed class SessionEvents(IConfigurationManager<OpenIdConnectConfiguration> auth, TimeProvider time) : JwtBearerEvents, IDisposable
{
    private const string Bearer = "Bearer ";

    // Each takes about 2 KB.
    private readonly MemoryCache verified = new(new MemoryCacheOptions { SizeLimit = 16_384 });
    private readonly MemoryCacheEntryOptions whileUsed = new() { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(15) };

    /// <summary>
    /// Takes the token from the header <c>Authorization: Bearer TOKEN</c> or else the cookie <c>session</c>. The header
    /// wins: when it is there, good or bad, the cookie is not looked at.
    /// </summary>
    public override async Task MessageReceived(MessageReceivedContext context)
    {
        var header = context.Request.Headers.Authorization;
        var token = header.Count == 0 ? context.Request.Cookies[SessionCookies.Session]
            : header is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value[Bearer.Length..].Trim(' ')
            : null;
        if (header.Count == 0 && string.IsNullOrEmpty(token))
        {
            context.NoResult();
            return;
        }
        // The library takes a signature with padding too; a token has one spelling.
        if (string.IsNullOrEmpty(token) || token.Length > SessionToken.MaxLength || token.Contains('='))
        {
            context.Fail("There is not one bearer token.");
            return;
        }

        OpenIdConnectConfiguration published;
        try
        {
            // It waits for the first fetch only, which has a time limit of its own.
            published = await auth.GetConfigurationAsync(CancellationToken.None);
        }
        catch (InvalidOperationException unavailable)
        {
            // Public routes still answer; the others say 503, since the token may well be good.
            context.Fail(new JsonWebKeysUnavailableException(unavailable));
            return;
        }

        context.Token = token;
        if (verified.TryGetValue(token, out Verified? known) && IsCurrent(DateTime.MinValue, known!.Until)
            && Find(published, known.Key.Kid) is { } key && key.X == known.Key.X && key.Y == known.Key.Y)
        {
            context.Principal = known.User;
            context.Success();
        }
    }

    /// <summary>Whether a token is good at this moment, with <see cref="SessionToken.Leeway"/> on both sides.</summary>
    public bool IsCurrent(DateTime? from, DateTime? until)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return from <= now + SessionToken.Leeway && now - SessionToken.Leeway < until;
    }

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (SessionToken.ReadUser(token) is not { } user)
        {
            context.Fail("The claims are missing or malformed.");
            return;
        }
        context.Principal = user;
        if (Find(await auth.GetConfigurationAsync(CancellationToken.None), token.Kid) is { } key)
            verified.Set(token.EncodedToken, new Verified(user, key, token.ValidTo), whileUsed);
    }

    /// <summary>401 for a bad session or none; 503 as long as none can be judged.</summary>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        if (context.AuthenticateFailure is JsonWebKeysUnavailableException)
        {
            return Problems
                .Unavailable(context.HttpContext, AuthMetadata.FirstFetchPause, "Sessions cannot be verified at the moment.")
                .ExecuteAsync(context.HttpContext);
        }
        context.Response.Headers.WWWAuthenticate = context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        return Problems.Unauthorized().ExecuteAsync(context.HttpContext);
    }

    public void Dispose() => verified.Dispose();

    private static JsonWebKey? Find(OpenIdConnectConfiguration published, string kid) =>
        published.JsonWebKeySet.Keys.FirstOrDefault(key => key.Kid == kid);

    private sealed record Verified(ClaimsPrincipal User, JsonWebKey Key, DateTime Until);
}
