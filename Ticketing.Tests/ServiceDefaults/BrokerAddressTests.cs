using Shouldly;
using Ticketing.Messaging;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class BrokerAddressTests
{
    [Fact]
    public void A_cluster_is_several_addresses()
    {
        var broker = BrokerAddress.Parse("amqps://user:p%40ss@a.example:5671/shop, amqps://user:p%40ss@b.example");

        broker.Uri.ToString().ShouldBe("amqps://user:p%40ss@a.example:5671/shop");
        broker.Nodes.Select(node => (node.HostName, node.Port, node.Ssl.Enabled, node.Ssl.ServerName))
            .ShouldBe([("a.example", 5671, true, "a.example"), ("b.example", 5671, true, "b.example")]);
        BrokerAddress.Parse("amqp://localhost").Nodes.ShouldHaveSingleItem().Port.ShouldBe(5672);
    }

    [Theory]
    [InlineData("broker:5672")]
    [InlineData("http://broker")]
    [InlineData("amqp://a,amqps://b")]
    [InlineData(",")]
    public void What_is_no_address_is_refused(string text) => Should.Throw<FormatException>(() => BrokerAddress.Parse(text));
}
