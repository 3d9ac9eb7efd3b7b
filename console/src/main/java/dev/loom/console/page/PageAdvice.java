package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.scope.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** What all pages share: who looks, how numbers are written, and what happens when a service says no. */
@ControllerAdvice(basePackageClasses = PageAdvice.class)
class PageAdvice {

    private final RoleHierarchy roles;
    private final Overviews overviews;

    PageAdvice(RoleHierarchy roles, Overviews overviews) {
        this.roles = roles;
        this.overviews = overviews;
    }

    @ModelAttribute("fmt")
    Format format() {
        return Format.INSTANCE;
    }

    @ModelAttribute("shell")
    @Nullable Viewer shell(@Nullable Authentication who) {
        if (who == null) {
            return null;
        }
        Set<String> may = roles.getReachableGrantedAuthorities(who.getAuthorities()).stream()
                .map(GrantedAuthority::getAuthority)
                .collect(Collectors.toSet());
        boolean admin = may.contains("ROLE_ADMIN");
        boolean operator = may.contains("ROLE_OPERATOR");
        boolean author = may.contains("ROLE_AUTHOR");
        String role = admin ? "admin" : operator && author ? "operator, author" : operator ? "operator" : author ? "author"
                : "viewer";
        Scope scope = Scope.current();
        return new Viewer(who.getName(), scope.isEverywhere() ? role : role + ", " + scope, author, operator, admin, scope, overviews::attention);
    }

    /** A page that cannot be shown says why; an act that was refused goes back to where it was asked for. */
    @ExceptionHandler
    ModelAndView refused(LoomProblem problem, HttpServletRequest request) {
        if (request.getMethod().equals("POST") && problem.code() != ProblemCode.OUT_OF_SCOPE) {
            RequestContextUtils.getOutputFlashMap(request).put("flash", Flash.of(problem));
            return new ModelAndView("redirect:" + before(request));
        }
        ModelAndView page = new ModelAndView("error", HttpStatusCode.valueOf(problem.code().status()));
        page.addObject("status", problem.code().status());
        page.addObject("code", problem.code().code());
        page.addObject("headline", problem.code().title());
        page.addObject("detail", problem.detail());
        page.addObject("next", problem.code() == ProblemCode.OUT_OF_SCOPE ? problem.hint() : "");
        return page;
    }

    /** The path of the page that the form was on. Its host is not looked at: the redirect stays here. */
    private static String before(HttpServletRequest request) {
        String referer = request.getHeader(HttpHeaders.REFERER);
        try {
            URI uri = referer == null ? null : URI.create(referer);
            if (uri == null || uri.getRawPath() == null || !uri.getRawPath().startsWith(request.getContextPath() + "/")
                    || uri.getRawPath().startsWith("//")) {
                return "/";
            }
            String path = uri.getRawPath().substring(request.getContextPath().length());
            return path.startsWith("//") ? "/" : uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        } catch (IllegalArgumentException e) {
            return "/";
        }
    }
}
