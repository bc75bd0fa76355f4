using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.Authentication;

/// <summary>Good tokens are read; every forgery that we know of is refused.</summary>
public sealed class SessionTokenReaderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly TestKey key = new("k1");
    private readonly TurnedClock clock = new(Now);
    private readonly SessionToken good = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "ann@example.com", Now, Now.AddMinutes(15));

    private string GoodText => key.Sign(good);

    private long Seconds => Now.ToUnixTimeSeconds();

    private string GoodHeader => """{"alg":"ES256","kid":"k1","typ":"JWT"}""";

    private string GoodClaims =>
        $$"""{"iss":"http://localhost:8080","aud":"ticketing","sub":"{{good.UserId}}","email":"ann@example.com","jti":"{{good.Id}}","iat":{{Seconds}},"nbf":{{Seconds}},"exp":{{Seconds + 900}}}""";

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task Reads_what_the_writer_wrote() => (await Read(GoodText)).ShouldBe(new SessionTokenResult(good, null));

    [Fact]
    public async Task Writes_the_documented_claims()
    {
        var parts = GoodText.Split('.');
        Text(parts[0]).ShouldBe(GoodHeader);
        Text(parts[1]).ShouldBe(GoodClaims);
        (await Read(Signed(GoodHeader, GoodClaims))).Failure.ShouldBeNull();
    }

    [Theory]
    [InlineData(929, true)]
    [InlineData(930, false)]
    [InlineData(-30, true)]
    [InlineData(-31, false)]
    [InlineData(86_400, false)]
    public async Task Allows_30_seconds_of_leeway_and_no_more(int secondsLater, bool accepted)
    {
        clock.Turn(TimeSpan.FromSeconds(secondsLater));
        (await Read(GoodText)).Failure.ShouldBe(accepted ? null : secondsLater > 0 ? "expired" : "not valid yet");
    }

    [Fact]
    public async Task Refuses_another_issuer_or_audience()
    {
        (await Read(key.Sign(good, new() { Issuer = "http://localhost:8081" }))).Failure.ShouldBe("another issuer");
        (await Read(key.Sign(good, new() { Audience = "Ticketing" }))).Failure.ShouldBe("another audience");
    }

    [Fact]
    public async Task Refuses_a_key_that_is_not_published_even_under_a_published_name()
    {
        using var stranger = new TestKey("k1");
        (await Read(stranger.Sign(good))).Failure.ShouldBe("the signature does not fit");
        using var unknown = new TestKey("k2");
        (await Read(unknown.Sign(good))).Failure.ShouldBe("an unknown key");
    }

    [Fact]
    public async Task Refuses_HS256_with_the_public_key_as_the_secret()
    {
        var signed = $"{Segment("""{"alg":"HS256","kid":"k1","typ":"JWT"}""")}.{Segment(GoodClaims)}";
        var mac = HMACSHA256.HashData(key.PublicPem(), Encoding.ASCII.GetBytes(signed));
        (await Read($"{signed}.{StrictBase64Url.Encode(mac)}")).Failure.ShouldBe("another algorithm");
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"k1"}""", "another algorithm")]
    [InlineData("""{"alg":"None","kid":"k1"}""", "another algorithm")]
    [InlineData("""{"alg":"es256","kid":"k1"}""", "another algorithm")]
    [InlineData("""{"alg":"ES384","kid":"k1"}""", "another algorithm")]
    [InlineData("""{"alg":null,"kid":"k1"}""", "the header is no JSON object")]
    [InlineData("""{"alg":["ES256"],"kid":"k1"}""", "the header is no JSON object")]
    [InlineData("""{"ALG":"ES256","kid":"k1"}""", "the header is no JSON object")]
    [InlineData("""{"alg":"none","alg":"ES256","kid":"k1"}""", "the header is no JSON object")]
    [InlineData("""{"alg":"ES256"}""", "the header is no JSON object")]
    [InlineData("""{"alg":"ES256","kid":""}""", "no key named")]
    [InlineData("""{"alg":"ES256","kid":"k2"}""", "an unknown key")]
    [InlineData("""{"alg":"ES256","kid":"../k1"}""", "an unknown key")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"dpop+jwt"}""", "another type")]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":["exp"]}""", "an unknown critical header")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""", "the header is no JSON object")]
    [InlineData("null", "the header is no JSON object")]
    [InlineData("[]", "the header is no JSON object")]
    [InlineData("{", "the header is no JSON object")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[", "the header is no JSON object")]
    public async Task Refuses_a_signed_token_with_a_strange_header(string header, string why) =>
        (await Read(Signed(header, GoodClaims))).Failure.ShouldBe(why);

    [Theory]
    [InlineData("\"iss\":\"http://localhost:8080\",", "")]
    [InlineData("\"aud\":\"ticketing\",", "")]
    [InlineData("\"aud\":\"ticketing\"", "\"aud\":[\"ticketing\"]")]
    [InlineData("\"email\":\"ann@example.com\",", "")]
    [InlineData("\"email\":\"ann@example.com\"", "\"email\":null")]
    [InlineData("\"nbf\":", "\"nbe\":")]
    [InlineData("\"exp\":", "\"exq\":")]
    [InlineData("\"exp\":", "\"exp\":1,\"exp\":")]
    [InlineData("\"exp\":", "\"exp\":1e")]
    [InlineData("\"exp\":", "\"exp\":99999999999999999999999")]
    [InlineData("\"exp\":", "\"exp\":0.5,\"x\":")]
    [InlineData("\"exp\":", "\"exp\":\"soon\",\"x\":")]
    [InlineData("\"sub\":\"", "\"sub\":\"x")]
    public async Task Refuses_signed_claims_that_are_missing_or_malformed(string text, string instead)
    {
        GoodClaims.ShouldContain(text);
        (await Read(Signed(GoodHeader, GoodClaims.Replace(text, instead, StringComparison.Ordinal)))).Failure
            .ShouldBe("claims are missing or malformed");
    }

    [Fact]
    public async Task Refuses_times_beyond_any_calendar()
    {
        var claims = GoodClaims.Replace($"\"exp\":{Seconds + 900}", $"\"exp\":{long.MaxValue}", StringComparison.Ordinal);
        (await Read(Signed(GoodHeader, claims))).Failure.ShouldBe("a time out of range");

        claims = GoodClaims.Replace($"\"iat\":{Seconds}", $"\"iat\":{long.MaxValue}", StringComparison.Ordinal);
        (await Read(Signed(GoodHeader, claims))).Failure.ShouldBe("not valid yet");

        claims = GoodClaims.Replace($"\"iat\":{Seconds}", $"\"iat\":{long.MinValue}", StringComparison.Ordinal);
        (await Read(Signed(GoodHeader, claims))).Failure.ShouldBe("a time out of range");
    }

    [Fact]
    public async Task Refuses_every_single_changed_character()
    {
        var text = GoodText;
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            (await Read(new string(changed))).Token.ShouldBeNull($"character {i}");
        }
    }

    [Fact]
    public async Task Refuses_every_truncation()
    {
        var text = GoodText;
        for (var length = 0; length < text.Length; length++)
        {
            (await Read(text[..length])).Token.ShouldBeNull($"length {length}");
        }
    }

    [Theory]
    [InlineData("{0}=")]
    [InlineData("{0}.")]
    [InlineData(".{0}")]
    [InlineData(" {0}")]
    [InlineData("{0} ")]
    [InlineData("{0}\n")]
    [InlineData("{0}.AAAA")]
    public async Task Refuses_padding_and_extra_segments(string format) =>
        (await Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, GoodText))).Failure.ShouldBe("malformed");

    [Fact]
    public async Task Refuses_what_is_too_long_unread()
    {
        var claims = GoodClaims.Replace("ann@", new string('a', 4000) + "@", StringComparison.Ordinal);
        (await Read(Signed(GoodHeader, claims))).Failure.ShouldBe("malformed");

        var header = GoodHeader.Replace("JWT", "JWT\",\"x\":\"" + new string('a', 500), StringComparison.Ordinal);
        (await Read(Signed(header, GoodClaims))).Failure.ShouldBe("malformed");
    }

    private ValueTask<SessionTokenResult> Read(string text) =>
        new SessionTokenReader(key, Options.Create(new SessionTokenOptions()), clock).ReadAsync(text, TestContext.Current.CancellationToken);

    private string Signed(string header, string claims)
    {
        var signed = $"{Segment(header)}.{Segment(claims)}";
        return $"{signed}.{StrictBase64Url.Encode(key.SignRaw(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Segment(string json) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(json));

    private static string Text(string segment) =>
        StrictBase64Url.TryDecode(segment, out var bytes) ? Encoding.UTF8.GetString(bytes) : throw new FormatException(segment);
}
