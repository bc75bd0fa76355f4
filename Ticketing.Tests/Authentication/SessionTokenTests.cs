using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Authentication;

/// <summary>Good tokens are read; every forgery that we know of is refused.</summary>
public sealed class SessionTokenTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly TestUsers users = new("k1");
    private readonly FakeTimeProvider clock = new(Now);
    private readonly SessionCheck check;
    private readonly Guid ann = Guid.CreateVersion7();
    private readonly string good;

    public SessionTokenTests()
    {
        check = new SessionCheck(users.Keys, clock);
        good = users.Sign(ann, "ann@example.com", Now, Lifetime);
    }

    private static string GoodHeader => """{"alg":"ES256","kid":"k1","typ":"JWT"}""";

    private static long Seconds => Now.ToUnixTimeSeconds();

    private string GoodClaims =>
        $$"""{"iss":"http://localhost:8080","aud":"ticketing","sub":"{{ann}}","email":"ann@example.com","jti":"{{ann}}","iat":{{Seconds}},"nbf":{{Seconds}},"exp":{{Seconds + 900}}}""";

    public async ValueTask InitializeAsync()
    {
        // The control: what all forgeries are made of is good.
        (await IsGood(good)).ShouldBeTrue();
        (await IsGood(Signed(GoodHeader, GoodClaims))).ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await check.DisposeAsync();
        users.Dispose();
    }

    [Fact]
    public async Task Reads_what_was_signed()
    {
        var user = (await check.AuthenticateAsync(good)).Principal!;
        (user.UserId(), user.Email(), user.SessionIssuedAt()).ShouldBe((ann, "ann@example.com", Now));
        user.Claims.Count().ShouldBe(3);
    }

    [Fact]
    public void Writes_the_documented_claims()
    {
        var parts = good.Split('.');
        Text(parts[0]).ShouldBe(GoodHeader);
        var claims = JsonNode.Parse(Text(parts[1]))!.AsObject();
        Guid.TryParseExact(claims["jti"]!.GetValue<string>(), "D", out _).ShouldBeTrue();
        claims["jti"] = ann.ToString();
        JsonNode.DeepEquals(claims, JsonNode.Parse(GoodClaims)).ShouldBeTrue(claims.ToJsonString());
    }

    [Theory]
    [InlineData(929, true)]
    [InlineData(930, false)]
    [InlineData(-30, true)]
    [InlineData(-31, false)]
    [InlineData(86_400, false)]
    public async Task Allows_30_seconds_of_leeway_and_no_more(int secondsLater, bool accepted)
    {
        clock.AdjustTime(Now.AddSeconds(secondsLater));
        (await IsGood(users.Sign(ann, "ann@example.com", Now, Lifetime))).ShouldBe(accepted);
    }

    [Fact]
    public async Task Refuses_another_issuer_or_audience()
    {
        (await IsGood(users.Sign(ann, "ann@example.com", Now, Lifetime, new() { Issuer = "http://localhost:8081" }))).ShouldBeFalse();
        (await IsGood(users.Sign(ann, "ann@example.com", Now, Lifetime, new() { Audience = "Ticketing" }))).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_a_key_that_is_not_published_even_under_a_published_name()
    {
        using var stranger = new TestUsers("k1");
        (await IsGood(stranger.Sign(ann, "ann@example.com", Now, Lifetime))).ShouldBeFalse();
        using var unknown = new TestUsers("k2");
        (await IsGood(unknown.Sign(ann, "ann@example.com", Now, Lifetime))).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_HS256_with_the_public_key_as_the_secret()
    {
        var signed = $"{Segment("""{"alg":"HS256","kid":"k1","typ":"JWT"}""")}.{Segment(GoodClaims)}";
        foreach (var (kind, secret) in users.PublicKeyAsSecrets())
            (await IsGood($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}")).ShouldBeFalse(kind);
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"None","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"es256","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES384","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":null,"kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":["ES256"],"kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"ALG":"ES256","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"none","alg":"ES256","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","kid":"","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","kid":"k2","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","kid":"../k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"adm"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"dpop+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"JWT","crit":["exp"]}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"JWT","b64":false,"crit":["b64"]}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"JWT"} {}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[")]
    public async Task Refuses_a_signed_token_with_a_strange_header(string header) =>
        (await IsGood(Signed(header, GoodClaims))).ShouldBeFalse();

    [Theory]
    [InlineData("\"iss\":\"http://localhost:8080\",", "")]
    [InlineData("\"aud\":\"ticketing\",", "")]
    [InlineData("\"aud\":\"ticketing\"", "\"aud\":[\"ticketing\"]")]
    [InlineData("\"email\":\"ann@example.com\",", "")]
    [InlineData("\"email\":\"ann@example.com\"", "\"email\":null")]
    [InlineData("\"jti\":", "\"jtj\":")]
    [InlineData("\"iat\":", "\"iau\":")]
    [InlineData("\"nbf\":", "\"nbe\":")]
    [InlineData("\"exp\":", "\"exq\":")]
    [InlineData("\"exp\":", "\"exp\":1,\"exp\":")]
    [InlineData("\"sub\":", "\"sub\":\"00000000-0000-0000-0000-000000000000\",\"sub\":")]
    [InlineData("\"exp\":", "\"exp\":1e")]
    [InlineData("\"exp\":", "\"exp\":99999999999999999999999")]
    [InlineData("\"exp\":", "\"exp\":0.5,\"x\":")]
    [InlineData("\"exp\":", "\"exp\":\"soon\",\"x\":")]
    [InlineData("\"exp\":", "\"exp\":9223372036854775807,\"x\":")]
    [InlineData("\"iat\":", "\"iat\":9223372036854775807,\"x\":")]
    [InlineData("\"iat\":", "\"iat\":-9223372036854775808,\"x\":")]
    [InlineData("\"sub\":\"", "\"sub\":\"x")]
    public async Task Refuses_signed_claims_that_are_missing_or_malformed(string text, string instead)
    {
        GoodClaims.ShouldContain(text);
        (await IsGood(Signed(GoodHeader, GoodClaims.Replace(text, instead, StringComparison.Ordinal)))).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_every_single_changed_character()
    {
        for (var i = 0; i < good.Length; i++)
        {
            var changed = good.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            (await IsGood(new string(changed))).ShouldBeFalse($"character {i}");
        }
    }

    [Fact]
    public async Task Refuses_every_truncation()
    {
        for (var length = 0; length < good.Length; length++)
            (await IsGood(good[..length])).ShouldBeFalse($"length {length}");
    }

    [Theory]
    [InlineData("{0}=")]
    [InlineData("{0}==")]
    [InlineData("{0}.")]
    [InlineData(".{0}")]
    [InlineData("{0}\n")]
    [InlineData("{0}\t")]
    [InlineData("{0} x")]
    [InlineData("{0}.AAAA")]
    [InlineData("{0}.AAAA.AAAA")]
    public async Task Refuses_padding_and_extra_segments(string format) =>
        (await IsGood(string.Format(CultureInfo.InvariantCulture, format, good))).ShouldBeFalse();

    [Fact]
    public async Task Refuses_what_is_too_long() =>
        (await IsGood(Signed(GoodHeader, GoodClaims.Replace("ann@", new string('a', 4000) + "@", StringComparison.Ordinal)))).ShouldBeFalse();

    private async Task<bool> IsGood(string token) => (await check.AuthenticateAsync(token)).Succeeded;

    private string Signed(string header, string claims) => users.Sign(Segment(header), Segment(claims));

    private static string Segment(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static string Text(string segment) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(segment));
}
