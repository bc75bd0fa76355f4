using System.Buffers.Text;
using System.Text;
using Shouldly;
using Ticketing.Web.Sessions;
using Xunit;

namespace Ticketing.Tests.Web.Sessions;

public sealed class AccessTokenTests
{
    [Theory]
    [InlineData("{\"exp\":1700000000}", 1700000000L)]
    [InlineData("{\"exp\":1700000000.5}", null)]
    [InlineData("{\"exp\":\"1700000000\"}", null)]
    [InlineData("{\"exp\":-1}", null)]
    [InlineData("{\"exp\":99999999999999}", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("not json", null)]
    [InlineData("", null)]
    public void The_end_is_read_or_it_is_no_token(string payload, long? seconds)
    {
        var end = AccessToken.EndOf($"a.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c");

        (end?.ToUnixTimeSeconds()).ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.b")]
    [InlineData("a.!!.c")]
    [InlineData("a.b.c.d")]
    public void What_has_not_three_parts_of_base64url_is_no_token(string text) => AccessToken.EndOf(text).ShouldBeNull();
}
