using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Authentication;

public sealed class AuthMetadataTests : IAsyncLifetime
{
    // With the manager's jitter.
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(5.5);

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly TestUsers first = new("first");
    private readonly TestUsers second = new("second");
    private readonly FakeAuth auth = new();
    private readonly AuthMetadata metadata;
    private readonly SessionCheck check;

    public AuthMetadataTests()
    {
        metadata = new(auth, clock, NullLogger<AuthMetadata>.Instance);
        // The library lets its own tests only set the clock.
        typeof(ConfigurationManager<OpenIdConnectConfiguration>)
            .GetField("TimeProvider", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(metadata.Manager, clock);
        check = new SessionCheck(metadata.Manager, clock);
        auth.Publish(first);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await check.DisposeAsync();
        metadata.Dispose();
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Does_not_fetch_for_every_request()
    {
        await Parallel.ForAsync(0, 50, async (_, _) => (await IsGood(first)).ShouldBeTrue());
        // The library may start a second fetch at the moment when the first one is done.
        auth.Calls.ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task Asks_for_an_unknown_key_at_most_once_in_10_seconds()
    {
        (await IsGood(first)).ShouldBeTrue();
        (await IsGood(second)).ShouldBeFalse();
        await Eventually.BecomesAsync(() => Task.FromResult(auth.Calls), 2);
        auth.Publish(first, second);

        clock.Advance(TimeSpan.FromSeconds(9.9));
        (await IsGood(second)).ShouldBeFalse();
        auth.Calls.ShouldBe(2);

        clock.Advance(TimeSpan.FromSeconds(0.1));
        await Eventually.HoldsAsync(() => IsGood(second), "the new key is known");
        using var third = new TestUsers("third");
        for (var i = 0; i < 10; i++)
            (await IsGood(third)).ShouldBeFalse();
        auth.Calls.ShouldBe(3);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("error")]
    [InlineData("slow")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[null]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"first"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA","kid":"first"}]}""")]
    [InlineData("huge")]
    public async Task Keeps_its_keys_while_Auth_does_not_answer(string answer)
    {
        (await IsGood(first)).ShouldBeTrue();

        auth.Answer = answer;
        clock.Advance(MaximumAge);
        (await IsGood(first)).ShouldBeTrue();
        await Eventually.BecomesAsync(() => Task.FromResult(auth.Calls), 2);
        clock.Advance(TimeSpan.FromMinutes(1));
        (await IsGood(first)).ShouldBeTrue();
        auth.Calls.ShouldBe(2, "a refresh that failed is not tried with every request");
    }

    [Fact]
    public async Task Without_any_keys_it_says_so_and_tries_again_after_a_second()
    {
        auth.Answer = "down";
        await Parallel.ForAsync(0, 20, async (_, _) => (await Check(first)).Failure.ShouldBeOfType<JsonWebKeysUnavailableException>());
        auth.Calls.ShouldBe(1);

        auth.Publish(first);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await IsGood(first)).ShouldBeTrue();
    }

    [Fact]
    public async Task Forgets_a_withdrawn_key_within_minutes()
    {
        (await IsGood(first)).ShouldBeTrue();
        auth.Publish(second);
        clock.Advance(MaximumAge);

        (await IsGood(first)).ShouldBeTrue("the old keys serve while new ones are fetched");
        await Eventually.HoldsAsync(() => IsGood(second), "the new key is known");
        (await IsGood(first)).ShouldBeFalse();
    }

    [Fact]
    public async Task Learns_of_a_new_key_without_requests()
    {
        (await IsGood(first)).ShouldBeTrue();
        auth.Publish(first, second);
        await metadata.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(auth.Calls > 1);
        }, "the keys are fetched again");
        await metadata.StopAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => IsGood(second), "the new key is known");
    }

    private async Task<bool> IsGood(TestUsers users) => (await Check(users)).Succeeded;

    private Task<AuthenticateResult> Check(TestUsers users) =>
        check.AuthenticateAsync(users.TokenFor(Guid.CreateVersion7(), clock.GetUtcNow()));

    /// <summary>Auth, whose discovery document names the public site.</summary>
    private sealed class FakeAuth : HttpMessageHandler, IHttpClientFactory
    {
        private int calls;

        public string Answer { get; set; } = "";

        /// <summary>How often its keys were asked for.</summary>
        public int Calls => calls;

        public void Publish(params TestUsers[] users) =>
            Answer = JsonSerializer.Serialize(new PublishedKeys([.. users.SelectMany(one => one.Published.Keys)]), JsonSerializerOptions.Web);

        public HttpClient CreateClient(string name)
        {
            name.ShouldBe("auth");
            return new(this, disposeHandler: false);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (request.RequestUri == new Uri("http://auth/.well-known/openid-configuration"))
                return Json("""{"issuer":"http://localhost:8080","jwks_uri":"https://tickets.example/.well-known/jwks.json"}""");

            request.RequestUri.ShouldBe(new Uri("http://auth/.well-known/jwks.json"));
            Interlocked.Increment(ref calls);
            return Answer switch
            {
                "down" => throw new HttpRequestException("connection refused"),
                "error" => new HttpResponseMessage(HttpStatusCode.InternalServerError),
                "slow" => throw new TaskCanceledException("timed out"),
                "huge" => new HttpResponseMessage { Content = new ByteArrayContent(new byte[100_000]) },
                var json => Json(json),
            };
        }

        private static HttpResponseMessage Json(string json) =>
            new() { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
    }
}
