using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.Keys;

internal static class KeysExtensions
{
    public static void AddSigningKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SigningKeyOptions>()
            .BindConfiguration(SigningKeyOptions.Section)
            .Validate(options => options.RotationDays is >= 1 and <= 365, "SigningKeys__RotationDays must be from 1 to 365.")
            .ValidateOnStart();

        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<IJsonWebKeys>(services => services.GetRequiredService<SigningKeys>());
        builder.Services.AddHostedService(services => services.GetRequiredService<SigningKeys>());
        builder.AddJob<MaintainKeys>(MaintainKeys.Interval);
    }
}
