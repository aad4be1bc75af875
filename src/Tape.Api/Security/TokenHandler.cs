using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tape.Api.Live;
using Tape.Api.Text;

namespace Tape.Api.Security;

/// <summary>HTTP authentication: who shows the vault's token is let in, everybody else gets 401.</summary>
internal sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiToken token,
    ServerMetrics figures) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme, for the framework and in the header.</summary>
    public const string Bearer = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        token.IsShownBy(Request.Headers.Authorization.ToString())
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Bearer)), Bearer))
            : AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        figures.CountRefused();
        Response.Headers.WWWAuthenticate = Bearer;
        return new Problem(StatusCodes.Status401Unauthorized, "token missing or wrong",
            "Expected the header 'Authorization: Bearer TOKEN' with the token of this vault.", "The token is in the file api/token of the vault.")
            .WriteAsync(Context);
    }
}
