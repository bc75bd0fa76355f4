using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 12, the other half. A token that never expires is good for whoever finds it. The guard: its end is compared with the
/// clock on every call.
/// </summary>
public sealed class Flaw12EternalTokenTests(Servers servers)
{
    [Fact]
    public async Task A_token_is_refused_after_its_end() =>
        (await UseALateTokenAsync(configure: null)).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Unauthorized));

    [Fact]
    public async Task Control_where_no_time_passes_for_tokens_it_is_good_for_ever() =>
        (await UseALateTokenAsync(services => services.AddSingleton(provider => new SessionEvents(
            provider.GetRequiredService<IConfigurationManager<OpenIdConnectConfiguration>>(), TimeProvider.System))))
            .ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));

    private async Task<(HttpStatusCode Before, HttpStatusCode After)> UseALateTokenAsync(Action<IServiceCollection>? configure)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, [], configure);
        using var client = shop.Orders.As(Guid.CreateVersion7());
        using var before = await client.GetAsync("/api/orders");
        shop.Platform.Clock.Turn(TimeSpan.FromHours(2));
        using var after = await client.GetAsync("/api/orders");
        return (before.StatusCode, after.StatusCode);
    }
}
