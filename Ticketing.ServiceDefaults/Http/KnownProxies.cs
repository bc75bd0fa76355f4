using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using IPNetwork = System.Net.IPNetwork;

namespace Ticketing.ServiceDefaults;

/// <summary>Whose word about the client counts.</summary>
internal static class KnownProxies
{
    private const string Section = "ForwardedHeaders:KnownNetworks";

    /// <summary>
    /// Believes <c>X-Forwarded-*</c> only from these networks (<c>10.1.0.0/16</c>, or one address). Without the setting it is the
    /// loopback; or, with <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>, everybody: then nobody may get around the proxy.
    /// </summary>
    public static void AddKnownProxies(this IHostApplicationBuilder builder)
    {
        List<IPNetwork> networks = [.. builder.Configuration.GetSection(Section).GetChildren()
            .Select(network => SettingException.Parse($"ForwardedHeaders__KnownNetworks__{network.Key}", network.Value ?? "", NetworkOf, "This is no address, and no network such as 10.1.0.0/16."))];
        if (networks.Count == 0)
            return;
        builder.Services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
                options.KnownIPNetworks.Add(network);
        });
    }

    private static IPNetwork NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
            : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
            : throw new FormatException();
}
