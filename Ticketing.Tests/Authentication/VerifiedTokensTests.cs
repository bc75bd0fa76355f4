using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Authentication;

/// <summary>A token that was verified is remembered, and refused in every case in which it would be without that.</summary>
public sealed class VerifiedTokensTests : IAsyncLifetime
{
    private readonly TestUsers users = new("k1");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly Published published = new();
    private readonly SessionCheck check;
    private readonly string token;

    public VerifiedTokensTests()
    {
        published.Configuration = users.Configuration;
        check = new SessionCheck(published, clock);
        token = NewToken();
    }

    public async ValueTask InitializeAsync() => (await check.AuthenticateAsync(token)).Succeeded.ShouldBeTrue();

    public async ValueTask DisposeAsync()
    {
        await check.DisposeAsync();
        users.Dispose();
    }

    [Fact]
    public async Task It_says_the_same_again()
    {
        var first = (await check.AuthenticateAsync(NewToken())).Principal!.Claims.Select(claim => (claim.Type, claim.Value.Length));
        var again = (await check.AuthenticateAsync(token)).Principal!.Claims.Select(claim => (claim.Type, claim.Value.Length));
        again.ShouldBe(first);
    }

    [Fact]
    public async Task It_is_good_until_it_expires()
    {
        clock.Advance(TimeSpan.FromSeconds(929));
        (await check.AuthenticateAsync(token)).Succeeded.ShouldBeTrue();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await check.AuthenticateAsync(token)).Failure.ShouldNotBeNull();
    }

    [Fact]
    public async Task It_is_not_verified_again_when_the_keys_were_fetched_anew_and_its_own_is_among_them()
    {
        await WithoutVerifierAsync(users.Configuration);
        (await check.AuthenticateAsync(token)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task When_its_key_is_withdrawn_it_is_refused()
    {
        using var others = new TestUsers("k2");
        await WithoutVerifierAsync(others.Configuration);
        (await check.AuthenticateAsync(token)).Failure.ShouldNotBeNull();

        published.Configuration = users.Configuration;
        (await check.AuthenticateAsync(token)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task When_another_key_has_its_name_it_is_refused()
    {
        using var others = new TestUsers("k1");
        published.Configuration = others.Configuration;
        (await check.AuthenticateAsync(token)).Failure.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_single_other_letter_makes_it_another_token()
    {
        var letters = token.ToCharArray();
        letters[^10] = letters[^10] == 'A' ? 'B' : 'A';
        (await check.AuthenticateAsync(new string(letters))).Failure.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_token_that_was_refused_is_not_remembered()
    {
        var late = NewToken();
        clock.Advance(TimeSpan.FromHours(1));
        (await check.AuthenticateAsync(late)).Failure.ShouldNotBeNull();
        clock.AdjustTime(clock.GetUtcNow().AddHours(-1));
        await WithoutVerifierAsync(users.Configuration);
        (await check.AuthenticateAsync(late)).Failure.ShouldNotBeNull();
    }

    /// <summary>Publishes keys with which no signature can be verified, so that only a remembered token can be good.</summary>
    private async Task WithoutVerifierAsync(OpenIdConnectConfiguration configuration)
    {
        configuration.SigningKeys.Clear();
        published.Configuration = configuration;
        // The control: another good token is not.
        (await check.AuthenticateAsync(NewToken())).Failure.ShouldNotBeNull();
    }

    private string NewToken() => users.Sign(Guid.CreateVersion7(), "ann@example.com", clock.GetUtcNow(), TimeSpan.FromMinutes(15));

    private sealed class Published : IConfigurationManager<OpenIdConnectConfiguration>
    {
        public OpenIdConnectConfiguration Configuration { get; set; } = null!;

        public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) => Task.FromResult(Configuration);

        public void RequestRefresh()
        {
        }
    }
}
