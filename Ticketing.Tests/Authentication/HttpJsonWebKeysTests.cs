using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.Authentication;

public sealed class HttpJsonWebKeysTests : IDisposable
{
    private readonly TurnedClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly TestKey first = new("first");
    private readonly TestKey second = new("second");
    private readonly FakeAuth auth = new();
    private readonly HttpJsonWebKeys keys;

    public HttpJsonWebKeysTests()
    {
        keys = new(auth, clock, NullLogger<HttpJsonWebKeys>.Instance);
        auth.Publish(first.Published);
    }

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Fetches_once_for_any_number_of_requests()
    {
        await Parallel.ForAsync(0, 50, async (_, _) => (await Find("first")).ShouldNotBeNull());
        auth.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Asks_for_an_unknown_key_at_most_once_in_10_seconds()
    {
        (await Find("first")).ShouldNotBeNull();
        auth.Publish(first.Published, second.Published);

        (await Find("second")).ShouldBeNull();
        clock.Turn(TimeSpan.FromSeconds(9.9));
        (await Find("second")).ShouldBeNull();
        auth.Calls.ShouldBe(1);

        clock.Turn(TimeSpan.FromSeconds(0.1));
        (await Find("second")).ShouldNotBeNull();
        (await Find("third")).ShouldBeNull();
        auth.Calls.ShouldBe(2);
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
    [InlineData("huge")]
    public async Task Keeps_its_keys_while_Auth_does_not_answer(string answer)
    {
        (await Find("first")).ShouldNotBeNull();

        auth.Answer = answer;
        clock.Turn(TimeSpan.FromMinutes(6));
        (await Find("second")).ShouldBeNull();
        (await Find("first")).ShouldNotBeNull();
        auth.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Without_any_keys_it_says_so_and_tries_again_after_a_second()
    {
        auth.Answer = "down";
        await Should.ThrowAsync<JsonWebKeysUnavailableException>(async () => await Find("first"));
        await Should.ThrowAsync<JsonWebKeysUnavailableException>(async () => await Find("first"));
        auth.Calls.ShouldBe(1);

        auth.Publish(first.Published);
        clock.Turn(TimeSpan.FromSeconds(1));
        (await Find("first")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Forgets_a_withdrawn_key_within_minutes()
    {
        (await Find("first")).ShouldNotBeNull();
        auth.Publish(second.Published);
        clock.Turn(HttpJsonWebKeys.MaximumAge);

        (await Find("first")).ShouldNotBeNull("the old keys serve while new ones are fetched");
        (await Find("second")).ShouldNotBeNull("the fetch that the last request started");
        (await Find("first")).ShouldBeNull();
    }

    private ValueTask<VerificationKey?> Find(string kid) => keys.FindAsync(kid, TestContext.Current.CancellationToken);

    private sealed class FakeAuth : HttpMessageHandler, IHttpClientFactory
    {
        public string Answer { get; set; } = "";

        public int Calls { get; private set; }

        public void Publish(params JsonWebKey[] published) =>
            Answer = JsonSerializer.Serialize(new JsonWebKeySet(published), JsonSerializerOptions.Web);

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { BaseAddress = new Uri("http://auth") };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            request.RequestUri.ShouldBe(new Uri("http://auth/.well-known/jwks.json"));
            await Task.Yield();
            return Answer switch
            {
                "down" => throw new HttpRequestException("connection refused"),
                "error" => new HttpResponseMessage(HttpStatusCode.InternalServerError),
                "slow" => throw new TaskCanceledException("timed out"),
                "huge" => new HttpResponseMessage { Content = new ByteArrayContent(new byte[100_000]) },
                var json => new HttpResponseMessage { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") },
            };
        }
    }
}
