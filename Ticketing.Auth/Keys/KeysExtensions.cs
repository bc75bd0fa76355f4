using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.Keys;

internal static class KeysExtensions
{
    public static void AddSigningKeys(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<SigningKeyOptions>(SigningKeyOptions.Section);

        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<IConfigurationManager<OpenIdConnectConfiguration>>(services => services.GetRequiredService<SigningKeys>());
        builder.Services.AddHostedService(services => services.GetRequiredService<SigningKeys>());
        builder.AddJob<MaintainKeys>(MaintainKeys.Interval);
    }
}
