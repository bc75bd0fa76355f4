using System.Buffers.Text;
using System.Text;
using Shouldly;
using Ticketing.Web.Sessions;
using Xunit;

namespace Ticketing.Tests.Web.Sessions;

/// <summary>A token that does not say when it ends has ended, so that the session is renewed.</summary>
public sealed class AccessTokenTests
{
    [Theory]
    [InlineData("{\"exp\":1700000000}", "2023-11-14T22:13:20")]
    [InlineData("{\"exp\":\"soon\"}", "0001-01-01")]
    [InlineData("{}", "0001-01-01")]
    [InlineData("[]", "0001-01-01")]
    [InlineData("not json", "0001-01-01")]
    [InlineData("", "0001-01-01")]
    public void The_end_is_read_or_it_is_long_ago(string payload, DateTime expected)
    {
        var (header, claims) = (Encode("""{"alg":"ES256"}"""), Encode(payload));
        AccessToken.EndOf($"{header}.{claims}.c").ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.b")]
    [InlineData("a.!!.c")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d")]
    public void What_is_no_token_has_ended_long_ago(string text) => AccessToken.EndOf(text).ShouldBe(DateTime.MinValue);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
