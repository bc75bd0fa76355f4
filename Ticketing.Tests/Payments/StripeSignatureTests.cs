using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Ticketing.Payments;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class StripeSignatureTests
{
    private const string Secret = "whsec_test";
    private const string Body = "{\"id\":\"evt_1\"}";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Fact]
    public void A_true_signature_is_good_alone_or_among_others()
    {
        Check($"t=1800000000,v1={Sign(1_800_000_000)}").ShouldBeNull();
        Check($"t=1800000000,v1={new string('0', 64)},v1={Sign(1_800_000_000)},v0=abc").ShouldBeNull();
    }

    [Theory]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void It_is_good_for_five_minutes(int seconds, bool good) =>
        (Check($"t={1_800_000_000 + seconds},v1={Sign(1_800_000_000 + seconds)}") is null).ShouldBe(good);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t=1800000000")]
    [InlineData("v1=00")]
    [InlineData("t=x,v1=00")]
    [InlineData("t=1800000000,v1=")]
    [InlineData("t=1800000000,v1=é")]
    [InlineData(",,=,==")]
    public void What_is_no_signature_is_refused(string? header) => Check(header).ShouldNotBeNull();

    [Fact]
    public void Another_body_time_or_secret_or_scheme_is_refused()
    {
        var signature = Sign(1_800_000_000);
        StripeSignature.Check($"t=1800000000,v1={signature}", "{}"u8, Secret, Now).ShouldNotBeNull();
        StripeSignature.Check($"t=1800000000,v1={signature}", Encoding.UTF8.GetBytes(Body), "whsec_other", Now).ShouldNotBeNull();
        Check($"t=1800000001,v1={signature}").ShouldNotBeNull();
        Check($"t=1800000000,v0={signature}").ShouldNotBeNull();
        Check($"t=1800000000,v1={signature.ToUpperInvariant()}").ShouldNotBeNull();
    }

    private static string? Check(string? header) => StripeSignature.Check(header, Encoding.UTF8.GetBytes(Body), Secret, Now);

    private static string Sign(long time) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{time}.{Body}")));
}
